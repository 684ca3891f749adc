// Tables that sort, filter, and open at a row. The address holds the filters, so a view can be sent to someone.
(() => {
  "use strict";

  const _ = Documentation.gettext; // what the page's language has for it: book/locale

  const addressQuery = () => new Map(new URLSearchParams(location.search));
  const names = (cell) => (cell || "").split(";");

  // A long table has its rows as data: each cell once, and per row which; ids come first, answers to filters last.
  function unpack(box) {
    const packed = box.querySelector("script.rows");
    if (!packed) return null;
    const { keys, columns, rows } = JSON.parse(packed.textContent);
    return rows.map((places) => {
      const texts = places.map((place, column) => columns[column][place]);
      const answers = texts.splice(texts.length - keys.length);
      return { id: texts.shift(), cells: texts, answers: Object.fromEntries(keys.map((key, n) => [key, answers[n]])) };
    });
  }

  // What DataTables needs to make a row only when it is seen; sorted as the text that it shows.
  function deferred(rows, headings) {
    if (!rows) return {};
    return {
      data: rows,
      deferRender: true,
      columns: headings.map((_, n) => ({ data: (row) => row.cells[n], type: "html" })),
      createdRow: (node, row) => {
        node.id = row.id;
        [...node.cells].forEach((cell, n) => { cell.dataset.label = headings[n]; });
      },
    };
  }

  function explore(box, DataTable) {
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
      layout: { topStart: "info", topEnd: "search", bottomStart: "pageLength", bottomEnd: "paging" },
      language: {
        search: _("Search in rows"),
        lengthMenu: _("_MENU_ rows a page"),
        info: _("_TOTAL_ rows"),
        infoEmpty: _("0 rows"),
        infoFiltered: _("of _MAX_"),
        zeroRecords: _("No row answers every filter."),
      },
    });
    let filters = new Map();
    const answers = (index) => (rows ? rows[index].answers : table.row(index).node().dataset);
    const place = (id) => (rows || table.rows().nodes().toArray()).findIndex((row) => row.id === id);

    table.search.fixed("filters", (text, data, index) => {
      const given = filters.size ? answers(index) : {};
      return [...filters].every(([key, value]) =>
        value.split(";").every((one) => names(given[key]).includes(one)));
    });

    const known = (query) => new Map([...query].filter(([key]) => selects.some((field) => field.name === key)));

    function show(query) {
      filters = new Map([...known(query)].filter(([, value]) => value));
      for (const field of selects) {
        const value = filters.get(field.name) || "";
        if (value && ![...field.options].some((option) => option.value === value)) {
          field.add(new Option(value.replaceAll(";", " + "), value));
        }
        field.value = value;
      }
      table.draw();
    }

    function keepInAddress() {
      const query = new URLSearchParams([...filters]);
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
    const query = known(addressQuery());
    show(query.size ? query : new Map(new URLSearchParams(box.dataset.start)));
    opened();
    window.addEventListener("hashchange", opened);
    box.classList.add("ready");
  }

  // A box that scrolls must be reachable by keyboard.
  function reachable() {
    for (const box of document.querySelectorAll(".scrolls, div.output.text_html, div.output.stream, .pst-scrollable-table-container")) {
      if (box.scrollWidth > box.clientWidth && !box.hasAttribute("tabindex")) box.tabIndex = 0;
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
    window.addEventListener("resize", reachable);
    reachable();
    const boxes = document.querySelectorAll(".explorer");
    if (!boxes.length) return;
    const { default: DataTable } = await window.dataTables;
    boxes.forEach((box) => explore(box, DataTable));
    reachable();
  });
})();
