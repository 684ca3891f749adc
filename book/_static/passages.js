// The way from a list to a passage and back: the address of a passage's page says from where one came, filters and all.
(() => {
  "use strict";

  const PASSAGE = /(?:^|\/)passage-[a-z0-9-]+\.html$/;
  const OF_SITE = /^[\w-]+\.html(?:\?[^#\s]*)?(?:#\S*)?$/; // a page of this site, and no other address
  const here = location.pathname.split("/").pop() || "index.html";
  const given = new URLSearchParams(location.search).get("from") || "";
  const from = PASSAGE.test(here) && OF_SITE.test(given) ? given : "";

  // From a passage one goes on to others, and back to the list that one began with.
  function origin(link) {
    if (PASSAGE.test(here)) return from;
    const row = link.closest("tr[id]");
    return `${here}${location.search}${row ? `#${row.id}` : location.hash}`;
  }

  function remember(event) {
    const link = event.target.closest && event.target.closest("a[href]");
    if (!link || !PASSAGE.test((link.getAttribute("href") || "").split("?")[0])) return;
    const came = origin(link);
    const address = link.getAttribute("href").split("?")[0];
    link.setAttribute("href", came ? `${address}?from=${encodeURIComponent(came)}` : address);
  }

  for (const kind of ["pointerdown", "focusin", "click"]) document.addEventListener(kind, remember, true);

  document.addEventListener("DOMContentLoaded", () => {
    if (!from) return;
    for (const link of document.querySelectorAll("a.to-list")) {
      link.setAttribute("href", from);
      if (!from.startsWith("fragments.html")) link.textContent = link.dataset.came;
    }
  });
})();
