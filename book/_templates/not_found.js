// Served at an address of any depth: the site is the nearest folder above that has its style sheet.
(async () => {
  if (!location.protocol.startsWith("http")) return;
  const links = [...document.querySelectorAll("a[data-way]")];
  const languages = [...document.querySelectorAll("section")].map((part) => part.lang);
  const steps = location.pathname.split("/").slice(0, -1);
  for (let depth = steps.length; depth > 0; depth -= 1) {
    const above = `${steps.slice(0, depth).join("/")}/`;
    const answer = await fetch(`${above}_static/front.css`, { method: "HEAD" }).catch(() => null);
    if (answer && answer.ok) {
      const own = languages.slice(1).find((lang) => steps[depth - 1] === lang);
      const site = own ? above.slice(0, -own.length - 1) : above;
      links.forEach((link) => { link.href = site + link.dataset.way; });
      if (own) document.querySelector("main").prepend(document.querySelector(`section[lang="${own}"]`));
      return;
    }
  }
})();
