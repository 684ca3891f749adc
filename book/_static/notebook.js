// One button for all code of a notebook: each cell keeps its own.
document.addEventListener("DOMContentLoaded", () => {
  const button = document.querySelector("button.all-code");
  if (!button) return;
  button.hidden = false;
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-expanded") === "false";
    document.querySelectorAll("details.hide.above-input").forEach((cell) => { cell.open = open; });
    button.setAttribute("aria-expanded", String(open));
    [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
  });
});
