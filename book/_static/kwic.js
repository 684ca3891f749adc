// Words of a reader's choice: each place with what stands beside it, or, without texts, how often and in which passages.
(() => {
  "use strict";

  const BESIDE = 60; // letters
  const AT_ONCE = 300; // places: as many as one reads through
  const facts = window.wordFacts;
  const form = document.querySelector("form.kwic");
  const found = document.getElementById("kwic-found");
  if (!facts || !form) return;

  const folded = (text) => text.normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
  const sentence = (text, ...values) => values.reduce((said, value, n) => said.replace(`{${n}}`, value), text);
  const word = /[\p{L}\p{N}](?:[\p{L}\p{N}\u0300-\u036f]|[-'’()](?=[\p{L}\p{N}]))*/gu;

  // "internationa* podi*, festival" asks for two words beside one another, or for one other.
  function asked(query) {
    const pattern = (part) => new RegExp(`^${part.split("*").map((text) => text.replace(/[.+?^${}()|[\]\\]/g, "\\$&")).join(".*")}$`);
    return query.split(",").map((one) => folded(one).trim().split(/\s+/).filter((part) => part.replace(/\*/g, "")))
      .filter((parts) => parts.length).map((parts) => parts.map(pattern));
  }

  function node(name, text, attributes = {}) {
    const made = document.createElement(name);
    if (text !== undefined) made.textContent = text;
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  }

  // Whole words only, and a sign that there are more.
  function leftOf(text, start) {
    if (start <= BESIDE) return text.slice(0, start);
    return `… ${text.slice(start - BESIDE, start).replace(/^\S*\s/, "")}`;
  }

  function rightOf(text, end) {
    if (end + BESIDE >= text.length) return text.slice(end);
    return `${text.slice(end, end + BESIDE).replace(/\s\S*$/, "")} …`;
  }

  // Per place: passage, left, the words, right.
  function* inTexts(queries, passages) {
    for (const passage of passages) {
      const text = passage[4];
      const words = [...text.matchAll(word)];
      const forms = words.map((match) => folded(match[0]));
      for (let at = 0; at < words.length; at += 1) {
        const query = queries.find((parts) => parts.every((part, n) => at + n < forms.length && part.test(forms[at + n])));
        if (!query) continue;
        const last = words[at + query.length - 1];
        const end = last.index + last[0].length;
        yield { passage, left: leftOf(text, words[at].index), form: text.slice(words[at].index, end), right: rightOf(text, end), n: 1 };
      }
    }
  }

  // Per passage: how often one of the words stands there.
  function inCounts(queries, passages) {
    const singles = queries.flat();
    const n = new Map();
    for (const [token, places] of Object.entries(facts.tokens)) {
      const form = folded(token);
      if (!singles.some((part) => part.test(form))) continue;
      for (const [place, number] of places) {
        const item = n.get(place) || { passage: facts.passages[place], forms: new Set(), n: 0 };
        item.forms.add(token);
        item.n += number;
        n.set(place, item);
      }
    }
    const there = new Set(passages);
    return [...n.entries()].sort((a, b) => a[0] - b[0]).map((pair) => pair[1]).filter((item) => there.has(item.passage));
  }

  function table(headings, rows) {
    const made = node("table", undefined, { class: "explore stack kwic" });
    const head = made.createTHead().insertRow();
    for (const heading of headings) head.append(node("th", heading, { scope: "col" }));
    const body = made.createTBody();
    for (const cells of rows) {
      const row = body.insertRow();
      cells.forEach((cell, n) => {
        const place = row.insertCell();
        place.dataset.label = headings[n];
        place.append(cell);
      });
    }
    return made;
  }

  function summed(items, name, keys) {
    const sums = new Map();
    for (const item of items) {
      for (const key of keys(item.passage)) {
        const sum = sums.get(key) || { n: 0, passages: new Set() };
        sum.n += item.n;
        sum.passages.add(item.passage);
        sums.set(key, sum);
      }
    }
    const rows = [...sums].sort((a, b) => b[1].n - a[1].n).map(([key, sum]) => [key, String(sum.n), String(sum.passages.size)]);
    return table([name, facts.said.times, facts.said.passages], rows);
  }

  const opening = (item) => {
    const place = `${item.passage[1]}, ${item.passage[2]}`;
    return item.passage[0] ? node("a", place, { href: item.passage[0] }) : node("span", place);
  };

  // The texts of whole documents come one by one, when they are asked for, and once.
  function load(name) {
    return new Promise((done) => {
      const script = node("script", undefined, { src: `_static/texts/${name}.js` });
      script.addEventListener("load", done);
      script.addEventListener("error", done);
      document.head.append(script);
    });
  }

  async function wholeDocuments() {
    const names = Object.keys(facts.documents);
    await Promise.all(names.filter((name) => !(window.documentTexts || {})[name]).map(load));
    const texts = window.documentTexts || {};
    return names.flatMap((name) => (texts[name] || []).map(([page, text]) => ["", facts.documents[name], page, "", text]));
  }

  function rowOf(item, quoted) {
    if (!quoted) return [opening(item), [...item.forms].join(", "), String(item.n), item.passage[4]];
    return [opening(item), item.left, node("mark", item.form), item.right];
  }

  async function show(query, region, where) {
    const queries = asked(query);
    found.replaceChildren();
    if (!queries.length) return;
    const whole = where === "documents";
    const quoted = whole || facts.quoted;
    const passages = (whole ? await wholeDocuments() : facts.passages).filter((passage) => !region || passage[1] === region);
    const items = quoted ? [...inTexts(queries, passages)] : inCounts(queries, passages);
    if (!items.length) {
      found.append(node("p", facts.said.none));
      return;
    }
    const times = items.reduce((sum, item) => sum + item.n, 0);
    const n = new Set(items.map((item) => item.passage)).size;
    const regions = new Set(items.map((item) => item.passage[1])).size;
    found.append(node("p", sentence(facts.said.sum, times, n, regions), { class: "kwic-sum" }));
    if (!quoted && queries.some((parts) => parts.length > 1)) found.append(node("p", facts.said.one));
    const sums = node("div", undefined, { class: "kwic-sums" });
    sums.append(summed(items, facts.said.region, (passage) => [passage[1]]));
    if (!whole) sums.append(summed(items, facts.said.regime, (passage) => passage[3].split(";").filter(Boolean).map((key) => facts.regimes[key] || key)));
    found.append(sums);
    const { said } = facts;
    const headings = quoted ? [said.passage, said.before, said.word, said.after] : [said.passage, said.word, said.times, said.gist];
    found.append(table(headings, items.slice(0, AT_ONCE).map((item) => rowOf(item, quoted))));
    if (items.length > AT_ONCE) found.append(node("p", sentence(said.more, items.length - AT_ONCE)));
  }

  function ask() {
    const given = new URLSearchParams(new FormData(form));
    for (const key of ["words", "region", "where"]) if (!given.get(key)) given.delete(key);
    history.replaceState(null, "", given.size ? `?${given}` : location.pathname);
    look();
  }

  const look = () => show(form.elements.words.value, form.elements.region.value, form.elements.where ? form.elements.where.value : "");

  form.hidden = false;
  form.addEventListener("submit", (event) => { event.preventDefault(); ask(); });
  form.addEventListener("change", ask);
  const query = new URLSearchParams(location.search);
  form.elements.words.value = query.get("words") || "";
  form.elements.region.value = query.get("region") || "";
  if (form.elements.where) form.elements.where.value = query.get("where") || "";
  look();
})();
