// Tables that sort, filter, and open at a row. The address holds the filters, so a view can be sent to someone.
(() => {
  "use strict";

  const addressQuery = () => new Map(new URLSearchParams(location.search));
  const names = (cell) => (cell || "").split(";");

  function explore(box, DataTable) {
    const form = box.querySelector("form.filters");
    const element = box.querySelector("table.explore");
    const selects = form ? [...form.elements].filter((field) => field.name) : [];
    const table = new DataTable(element, {
      order: [],
      autoWidth: false,
      pageLength: 25,
      lengthMenu: [[25, 100, -1], ["25", "100", "all"]],
      layout: { topStart: "info", topEnd: "search", bottomStart: "pageLength", bottomEnd: "paging" },
      language: {
        search: "Search in rows",
        lengthMenu: "_MENU_ rows a page",
        info: "_TOTAL_ rows",
        infoEmpty: "0 rows",
        infoFiltered: "of _MAX_",
        zeroRecords: "No row answers every filter.",
      },
    });
    let filters = new Map();

    table.search.fixed("filters", (text, data, index) => {
      const row = table.row(index).node();
      return [...filters].every(([key, value]) =>
        value.split(";").every((one) => names(row.dataset[key]).includes(one)));
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
      const node = table.rows().nodes().toArray().find((row) => row.id === id);
      if (!node) return;
      const row = table.row(node);
      if (!table.rows({ search: "applied" }).indexes().toArray().includes(row.index())) {
        table.search("");
        show(new Map(node.dataset.coder ? [["coder", node.dataset.coder]] : []));
      }
      const place = table.rows({ search: "applied", order: "applied" }).indexes().toArray().indexOf(row.index());
      const length = table.page.len();
      if (length > 0) table.page(Math.floor(place / length)).draw("page");
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

  document.addEventListener("DOMContentLoaded", async () => {
    window.addEventListener("resize", reachable);
    reachable();
    const boxes = document.querySelectorAll(".explorer");
    if (!boxes.length) return;
    const { default: DataTable } = await window.dataTables;
    boxes.forEach((box) => explore(box, DataTable));
    reachable();
  });
})();
