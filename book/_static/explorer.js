// Tables that sort, filter, and open at a row. The address holds the view, so that it can be sent to someone.
(() => {
  "use strict";

  const _ = Documentation.gettext; // what the page's language has for it: book/locale
  const addressQuery = () => new Map(new URLSearchParams(location.search));
  const names = (cell) => (cell || "").split(";");

  // A long table has its rows as data: each cell once, and per row which; ids come first, answers to filters last.
  function unpack(box) {
    const packed = box.querySelector("script.rows");
    if (!packed) return null;
    const { keys, pieces, columns, rows } = JSON.parse(packed.textContent);
    const whole = (text) => text.replace(/[\uFDD1-\uFDEF]/g, (sign) => pieces[sign.charCodeAt(0) - 0xFDD1]);
    const cellsOf = columns.map((column) => column.map(whole));
    return rows.map((places) => {
      const texts = places.map((place, column) => cellsOf[column][place]);
      const answers = texts.splice(texts.length - keys.length);
      const id = texts.shift(), cells = texts.map((cell) => cell.replaceAll("\uFDD0", id)); // a cell may name its row
      return { id, cells, answers: Object.fromEntries(keys.map((key, n) => [key, answers[n]])) };
    });
  }

  // What DataTables needs to make a row only when it is seen; sorted as the text that it shows.
  function deferred(rows, headings) {
    if (!rows) return {};
    return {
      data: rows,
      deferRender: true,
      columns: headings.map((heading, n) => ({ data: (row) => row.cells[n], type: "html" })),
      createdRow: (node, row) => { node.id = row.id; },
    };
  }

  // A cell as text: codes that stand below one another are parted, and a spreadsheet takes nothing for a formula.
  function plain(html) {
    const cell = new DOMParser().parseFromString(html, "text/html").body;
    cell.querySelectorAll(".regime + .regime, .badge + .badge").forEach((code) => code.before("; "));
    cell.querySelectorAll("br").forEach((line) => line.replaceWith(" "));
    const text = cell.textContent.replace(/\s+/g, " ").replaceAll(" ;", ";").trim();
    return /^[=+\-@]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  }

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch { // no page from a folder may, in some browsers
      const field = Object.assign(document.createElement("textarea"), { value: text });
      document.body.append(field);
      field.select();
      document.execCommand("copy");
      field.remove();
    }
  }

  async function copyLink(event, table, node) {
    await copy(location.href);
    const button = node[0] ?? node;
    const label = button.querySelector("span") ?? button;
    label.textContent = _("Copied");
    setTimeout(() => { label.textContent = _("Copy a link to this view"); }, 2000);
  }

  const buttons = (name) => [
    { text: _("Copy a link to this view"), action: copyLink, attr: { "aria-live": "polite" } },
    {
      extend: "csvHtml5",
      text: _("Download these rows (CSV)"),
      filename: name,
      title: null,
      bom: true,
      newline: "\n",
      exportOptions: { format: { body: (html) => plain(String(html)), header: (html) => plain(String(html)) } },
    },
  ];

  function explore(box, DataTable, first) {
    const form = box.querySelector("form.filters");
    const element = box.querySelector("table.explore");
    const selects = form ? [...form.elements].filter((field) => field.name) : [];
    const rows = unpack(box);
    const headings = [...element.tHead.rows[0].cells].map((cell) => cell.textContent);
    const table = new DataTable(element, {
      ...deferred(rows, headings),
      order: [],
      autoWidth: false,
      pageLength: 25,
      lengthMenu: [[25, 100, -1], ["25", "100", _("all")]],
      layout: {
        topStart: "info",
        topEnd: "search",
        top2Start: { buttons: buttons(element.id) },
        bottomStart: "pageLength",
        bottomEnd: "paging",
      },
      language: {
        search: _("Search in rows"),
        lengthMenu: _("_MENU_ rows a page"),
        info: _("_TOTAL_ rows"),
        infoEmpty: _("0 rows"),
        infoFiltered: _("of _MAX_"),
        zeroRecords: _("No row answers every filter."),
        thousands: (1000).toLocaleString(document.documentElement.lang, { useGrouping: "always" }).replace(/\d/g, ""),
        paginate: { first: "«", previous: "‹", next: "›", last: "»" },
        aria: {
          orderable: _(": sort by this column"),
          orderableReverse: _(": sort the other way"),
          orderableRemove: _(": sort no more"),
          paginate: { first: _("First"), previous: _("Previous"), next: _("Next"), last: _("Last"), number: _("Page ") },
        },
      },
    });
    // What holds where the address asks for nothing else, such as the coder of the run.
    const start = new Map(new URLSearchParams(box.dataset.start));
    let filters = new Map();
    const answers = (index) => (rows ? rows[index].answers : table.row(index).node().dataset);
    const place = (id) => (rows || table.rows().nodes().toArray()).findIndex((row) => row.id === id);
    const fits = (asked, given) => [...asked].every(([key, value]) =>
      value.split(";").every((one) => names(given[key]).includes(one)));
    const isThere = (asked) => table.rows().indexes().toArray().some((index) => fits(asked, answers(index)));
    const filled = (query) => new Map([...query].filter(([, value]) => value));

    table.search.fixed("filters", (text, data, index) => !filters.size || fits(filters, answers(index)));

    const known = (query) => new Map([...query].filter(([key]) => selects.some((field) => field.name === key)));

    function show(query) {
      filters = filled(known(query));
      for (const field of selects) {
        const value = filters.get(field.name) || "";
        if (value && ![...field.options].some((option) => option.value === value)) {
          field.add(new Option(value.replaceAll(";", " + "), value));
        }
        field.value = value;
      }
      table.draw();
    }

    // A region that the coder of the run did not read is shown as whoever read it coded it.
    function showAddress() {
      const query = addressQuery();
      if (first && query.has("find")) table.search(query.get("find"));
      const [, down, column] = /^(-?)(\d+)$/.exec((first && query.get("sort")) || "") || [];
      if (column && headings[column - 1]) table.order([[column - 1, down ? "desc" : "asc"]]);
      const own = known(query);
      const both = new Map([...start, ...own]);
      show(filled(own).size && !isThere(filled(both)) ? own : both);
    }

    function keepInAddress() {
      const query = new URLSearchParams([...filters]);
      [...start.keys()].filter((key) => !filters.has(key)).forEach((key) => query.set(key, ""));
      if (table.search()) query.set("find", table.search());
      const [sorted] = table.order();
      const [column, way] = Array.isArray(sorted) ? sorted : [sorted?.idx, sorted?.dir];
      if (column !== undefined && way) query.set("sort", `${way === "desc" ? "-" : ""}${column + 1}`);
      history.replaceState(null, "", query.size ? `?${query}` : location.pathname);
    }

    function open(id) {
      const index = place(id);
      if (index < 0) return;
      const shown = () => table.rows({ search: "applied", order: "applied" }).indexes().toArray();
      if (!shown().includes(index)) {
        table.search("");
        const { coder } = answers(index);
        show(new Map(coder ? [["coder", coder]] : []));
      }
      const length = table.page.len();
      if (length > 0) table.page(Math.floor(shown().indexOf(index) / length)).draw("page");
      const node = table.row(index).node();
      element.querySelectorAll("tr.opened").forEach((other) => other.classList.remove("opened"));
      node.classList.add("opened");
      node.tabIndex = -1;
      node.focus({ preventScroll: true });
      node.scrollIntoView({ block: "center" });
    }

    // An address may be typed or cut off: "#%" is no row, and no reason to stop.
    const asked = () => {
      try {
        return decodeURIComponent(location.hash.slice(1));
      } catch {
        return location.hash.slice(1);
      }
    };
    const opened = () => location.hash && open(asked());
    function listen() {
      form.hidden = false;
      form.addEventListener("change", () => {
        show(new Map(new FormData(form)));
        keepInAddress();
      });
      form.addEventListener("reset", (event) => {
        event.preventDefault();
        table.search("");
        show(new Map());
        keepInAddress();
      });
      form.addEventListener("submit", (event) => event.preventDefault());
    }

    if (form) listen();
    showAddress();
    opened();
    if (first) {
      const field = box.querySelector(".dt-search input");
      field?.addEventListener("input", () => setTimeout(keepInAddress, 300));
      table.on("order.dt", keepInAddress);
    }
    table.on("draw.dt", reachable);
    window.addEventListener("hashchange", opened);
    // Paper has no next page of rows: all that answer the filters stand on it.
    let length = table.page.len();
    window.addEventListener("beforeprint", () => {
      length = table.page.len();
      table.page.len(-1).draw(false);
    });
    window.addEventListener("afterprint", () => table.page.len(length).draw(false));
    box.classList.add("ready");
  }

  // A box that scrolls is reached by keyboard, and says what it holds.
  const SCROLLERS = ".scrolls, .dt-layout-table, div.output.text_html, div.output.stream, div.highlight pre, "
    + ".pst-scrollable-table-container";
  function reachable() {
    for (const box of document.querySelectorAll(SCROLLERS)) {
      const scrolls = box.scrollWidth > box.clientWidth + 1;
      const given = box.dataset.scrolls;
      if (scrolls && !given && !box.hasAttribute("tabindex")) {
        const name = box.querySelector("caption, figcaption, svg > title")?.textContent.trim() || _("Table or text that scrolls");
        if (!box.hasAttribute("aria-label")) box.setAttribute("aria-label", name);
        if (!box.hasAttribute("role")) box.setAttribute("role", "region");
        box.tabIndex = 0;
        box.dataset.scrolls = "yes";
      } else if (!scrolls && given) {
        box.removeAttribute("tabindex");
        delete box.dataset.scrolls;
      }
    }
  }

  // On a phone a row is a card: each cell says which column it is of.
  function label() {
    for (const table of document.querySelectorAll("div.output table.qualitative")) {
      const headings = [...(table.tHead?.rows[0]?.cells ?? [])].map((cell) => cell.textContent.trim());
      if (headings.length < 4) continue;
      table.classList.add("stack");
      for (const row of table.tBodies[0].rows) {
        if (row.cells.length === headings.length) [...row.cells].forEach((cell, n) => { cell.dataset.label = headings[n]; });
      }
    }
  }

  // The same place in the other language: with the filters and the row of this one.
  function keepPlace() {
    for (const link of document.querySelectorAll("a.language-switch")) {
      const page = link.getAttribute("href");
      link.addEventListener("click", () => { link.href = page + location.search + location.hash; });
    }
  }

  document.addEventListener("DOMContentLoaded", async () => {
    keepPlace();
    label();
    window.addEventListener("resize", reachable);
    reachable();
    const boxes = document.querySelectorAll(".explorer");
    if (!boxes.length) return;
    const { default: DataTable } = await window.dataTables;
    boxes.forEach((box, n) => explore(box, DataTable, n === 0));
    reachable();
  });
})();
