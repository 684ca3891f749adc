// What a link or a coloured name is about, shown beside it on hover and focus. The texts stand in hover-texts.js, which
// is loaded when the first is asked for. They say nothing that has no page of its own, so a tap simply follows the link.
(() => {
  "use strict";

  const PAGE = /^(?:passage|claim|audit|region|regime)-[^/]+$/;
  const FILTERS = ["value", "regime", "process", "stance", "term"]; // the first that a link asks for is what it is about
  const WAIT = 300; // ms that a pointer rests before a text comes, and that it has to reach the text
  const ROOT = document.currentScript.src.replace(/[^/]*$/, "");
  const tip = document.createElement("div");
  let texts = null;
  let about = null; // the element whose text is shown, or is to be
  let timer = 0;

  // Pages that are opened from a folder may not be fetched, so there the search shows titles alone.
  if (location.protocol === "file:" && typeof DOCUMENTATION_OPTIONS !== "undefined") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;

  function load() {
    texts ??= new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = `${ROOT}hover-texts.js`;
      script.onload = () => resolve(window.hoverTexts);
      script.onerror = () => resolve({ pages: {}, codes: {}, names: {} });
      document.head.append(script);
    });
    return texts;
  }

  const plain = (element) => element.textContent.replace(/\s+/g, " ").trim();

  // What an element is about, as a key of the texts: a page, or a filter with a code.
  function keyOf(element) {
    if (element.matches(".regime")) return ["names", plain(element)];
    const [path, query, row] = element.getAttribute("href").split(/[?#]/);
    const page = path.split("/").pop().replace(/\.html$/, "");
    if (PAGE.test(page)) return ["pages", page];
    const hash = element.getAttribute("href").split("#")[1];
    if ((page === "claims" || page === "audit") && hash) return ["pages", `${page.replace("claims", "claim")}-${hash}`];
    if (page !== "fragments" || !query || (row && hash)) return null;
    const asked = new URLSearchParams(query);
    const filter = FILTERS.find((name) => asked.get(name) && !asked.get(name).includes(";"));
    return filter ? ["codes", `${filter}=${asked.get(filter)}`] : null;
  }

  async function show(element) {
    const key = keyOf(element);
    if (!key) return;
    const { pages, codes, names } = await load();
    if (about !== element) return;
    const [kind, name] = key;
    const said = kind === "pages" ? pages[name] : codes[kind === "names" ? names[name] : name];
    if (!said) return;
    tip.replaceChildren(...said.map((text, n) => Object.assign(document.createElement(n ? "p" : "b"), { textContent: text })));
    tip.hidden = false;
    put(element.getBoundingClientRect());
    element.setAttribute("aria-describedby", tip.id);
    if (element.title) [element.dataset.title, element.title] = [element.title, ""]; // one text at a time
  }

  // Below what it is about, or above where there is no room; never off the side of the window.
  function put(box) {
    const { offsetWidth: width, offsetHeight: height } = tip;
    const left = Math.max(8, Math.min(box.left, document.documentElement.clientWidth - width - 8));
    const below = box.bottom + height + 8 <= innerHeight || box.top < height + 8;
    tip.style.left = `${left + scrollX}px`;
    tip.style.top = `${(below ? box.bottom + 4 : box.top - height - 4) + scrollY}px`;
  }

  function hide() {
    clearTimeout(timer);
    tip.hidden = true;
    if (!about) return;
    about.removeAttribute("aria-describedby");
    if (about.dataset.title) about.title = about.dataset.title;
    about = null;
  }

  const target = (event) => event.target.closest?.("main .regime, main a[href]");
  const apart = (element) => element && !element.closest("svg, nav, .hover-text");

  function begin(element, wait) {
    if (!apart(element)) return;
    if (about !== element) hide();
    clearTimeout(timer);
    about = element;
    timer = setTimeout(show, wait, element);
  }

  function leave() {
    clearTimeout(timer);
    timer = setTimeout(hide, WAIT);
  }

  document.addEventListener("DOMContentLoaded", () => {
    Object.assign(tip, { id: "hover-text", className: "hover-text", hidden: true });
    tip.setAttribute("role", "tooltip");
    document.body.append(tip);
    // A name that is no link is reached by keyboard as well.
    for (const name of document.querySelectorAll("main .regime")) if (!name.closest("a")) name.tabIndex = 0;
    tip.addEventListener("pointerenter", () => clearTimeout(timer));
    tip.addEventListener("pointerleave", leave);
  });
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType === "mouse" && target(event)) begin(target(event), WAIT);
  });
  document.addEventListener("pointerout", (event) => {
    if (event.pointerType === "mouse" && about && target(event) === about) leave();
  });
  document.addEventListener("focusin", (event) => begin(target(event), 0));
  document.addEventListener("focusout", (event) => { if (event.target === about) hide(); });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && !tip.hidden) hide(); });
})();
