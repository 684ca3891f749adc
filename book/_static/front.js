// A button for all code of a notebook, and the address of the page in its citation.
document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("button.all-code");
  if (button) {
    button.hidden = false;
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => {
      const open = button.getAttribute("aria-expanded") === "false";
      document.querySelectorAll("details.hide.above-input").forEach((cell) => { cell.open = open; });
      button.setAttribute("aria-expanded", String(open));
      [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
    });
  }
  // The address as it is when the box opens, filters and all; a file on somebody's disk has none to cite.
  const cite = document.querySelector("details.cite");
  if (cite && location.protocol.startsWith("http")) {
    const bibtex = cite.querySelector("pre.bibtex");
    const entry = bibtex.textContent;
    cite.addEventListener("toggle", () => {
      cite.querySelector(".address").textContent = location.href;
      bibtex.textContent = entry.includes("url = {")
        ? entry.replace(/url = \{[^}]*\}/, `url = {${location.href}}`)
        : entry.replace(/\n\}\s*$/, `,\n  url = {${location.href}}\n}`);
    });
  }
});
