// Charts: what a part says and the first passages behind it at hover or focus; another coder, shares, a phone's drawing.
(() => {
  "use strict";

  const here = document.currentScript ? new URL(".", document.currentScript.src).href : "_static/";
  const phone = window.matchMedia("(max-width: 600px)");
  const fetched = new Map();

  // Other drawings and first passages lie in a file of their own, which is asked for once, and only when it is wanted.
  function facts(name) {
    if (!fetched.has(name)) {
      fetched.set(name, new Promise((settle) => {
        const script = document.createElement("script");
        script.src = `${here}figures/${name}.js`;
        script.onload = () => settle(window.charts?.[name] ?? null);
        script.onerror = () => settle(null);
        document.head.append(script);
      }));
    }
    return fetched.get(name);
  }

  const tip = document.createElement("div");
  tip.className = "chart-tip";
  tip.setAttribute("role", "status");
  tip.hidden = true;
  let pointed = null;

  function fill(text, passages) {
    tip.replaceChildren(Object.assign(document.createElement("strong"), { textContent: text }));
    if (!passages.length) return;
    const list = document.createElement("ul");
    list.append(...passages.map((passage) => Object.assign(document.createElement("li"), { textContent: passage })));
    tip.append(list);
  }

  function place(part) {
    const box = part.getBoundingClientRect();
    tip.hidden = false;
    const { offsetWidth: wide, offsetHeight: high } = tip;
    const left = Math.min(Math.max(8, box.left + Math.min(box.width, 120)), innerWidth - wide - 16);
    const below = box.bottom + 8 + high < innerHeight;
    tip.style.left = `${Math.max(8, left) + scrollX}px`;
    tip.style.top = `${(below ? box.bottom + 8 : Math.max(8, box.top - high - 8)) + scrollY}px`;
  }

  const chosen = (figure, key) => figure.querySelector(`[data-switch="${key}"]`)?.value ?? "";
  const fileOf = (figure) => [figure.dataset.chart, chosen(figure, "coder")].filter(Boolean).join(".");
  const address = (part) => part.closest("a")?.getAttributeNS("http://www.w3.org/1999/xlink", "href") ?? "";

  async function tell(figure, part) {
    pointed = part;
    fill(part.dataset.says, []);
    place(part);
    const known = await facts(fileOf(figure));
    if (pointed !== part || !known) return;
    fill(part.dataset.says, known.first[address(part)] ?? []);
    place(part);
  }

  function hide() {
    pointed = null;
    tip.hidden = true;
  }

  // What a part says moves from the browser's own tip, which comes late and is small, to ours; those who hear it keep it.
  function prepare(figure) {
    for (const title of figure.querySelectorAll("svg g > title, svg g > a > title")) {
      const group = title.parentElement;
      const part = group.tagName === "a" ? group : group.querySelector("a") ?? group;
      part.dataset.says = title.textContent;
      if (part.tagName === "a") {
        part.setAttribute("role", "link"); // its address has a namespace, by which not everyone knows a link
        part.setAttribute("aria-label", title.textContent);
      }
      else {
        part.setAttribute("role", "img");
        part.setAttribute("aria-label", title.textContent);
      }
      title.remove();
    }
  }

  function listen(figure) {
    const partOf = (event) => event.target.closest?.("[data-says]");
    figure.addEventListener("pointerover", (event) => (partOf(event) ? tell(figure, partOf(event)) : hide()));
    figure.addEventListener("pointerleave", hide);
    figure.addEventListener("focusin", (event) => partOf(event) && tell(figure, partOf(event)));
    figure.addEventListener("focusout", hide);
  }

  function work(figure) {
    const drawing = figure.querySelector(".drawing");
    const first = drawing.innerHTML;
    const switches = figure.querySelector(".switches");

    // On a phone the narrow drawing, where there is one; the wide one of the page where nothing else is to be had.
    async function draw() {
      const known = (await facts(fileOf(figure)))?.drawings ?? {};
      const [narrow, wide] = ["narrow", "wide"].map((width) => known[`${width} ${chosen(figure, "numbers")}`.trim()]);
      figure.classList.toggle("narrow", phone.matches && Boolean(narrow));
      drawing.innerHTML = (phone.matches && narrow) || wide || first;
      hide();
      prepare(figure);
      window.dispatchEvent(new Event("resize"));
    }

    prepare(figure);
    listen(figure);
    if (switches) {
      switches.hidden = false;
      switches.addEventListener("change", draw);
    }
    if (phone.matches) draw();
    phone.addEventListener("change", draw);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const figures = document.querySelectorAll("figure.chart[data-chart]");
    if (!figures.length) return;
    document.body.append(tip);
    document.addEventListener("keydown", (event) => event.key === "Escape" && hide());
    window.addEventListener("scroll", hide, { passive: true });
    figures.forEach(work);
  });
})();
