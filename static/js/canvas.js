// Dragging on a form's page: fields, columns, sections and new kinds; and fields opened beside the form where there is
// room. Whatever is dropped is posted to the address it carries; the answer is the form as it is then. Where none
// comes, everything is put back and said so.
(function () {
  "use strict";

  const all = (selector) => Array.from(document.querySelectorAll(selector));
  const wide = window.matchMedia("(min-width: 1200px)");

  function putBack(event) {
    if (event.pullMode === "clone") { event.item.remove(); return; }
    const others = Array.from(event.from.children).filter((one) => one !== event.item && one.matches("[data-place]"));
    event.from.insertBefore(event.item, others[event.oldDraggableIndex] || null);
  }

  function say() {
    const box = document.getElementById("notices");
    const grid = document.querySelector("[data-unmoved]");
    if (!box || !grid) { return; }
    all("[data-trouble]").forEach((line) => line.remove());
    const line = document.createElement("div");
    line.className = "notice notice-red";
    line.dataset.trouble = "";
    line.setAttribute("role", "alert");
    line.append(Object.assign(document.createElement("p"), { textContent: grid.dataset.unmoved }));
    box.append(line);
  }

  // One at a time: an answer brings the whole form anew.
  function rest(on) {
    all("#_canvas, #_canvas [data-fields], .palette-kinds").forEach((list) => {
      const sortable = window.Sortable.get(list);
      if (sortable) { sortable.option("disabled", on); }
    });
    const canvas = document.getElementById("_canvas");
    if (canvas) { canvas.toggleAttribute("data-busy", on); }
  }

  function send(event, address, values) {
    let answered = false;
    rest(true);
    const onSwap = (swap) => { answered = swap.detail.shouldSwap; };
    document.addEventListener("htmx:beforeSwap", onSwap, { once: true });
    window.htmx.ajax("POST", address, { target: "#_canvas", swap: "outerHTML", values }).catch(() => {}).finally(() => {
      document.removeEventListener("htmx:beforeSwap", onSwap);
      rest(false);
      if (event.item.isConnected && event.item.closest("#_canvas") && !answered) { putBack(event); say(); }
    });
  }

  function whereTo(event) {
    const list = event.to;
    const values = { index: event.newDraggableIndex };
    if (list.dataset.table) { values.table = list.dataset.table; } else { values.section = list.dataset.sectionAt; values.part = list.dataset.part; }
    return values;
  }

  function moved(event) {
    if (event.from === event.to && event.oldDraggableIndex === event.newDraggableIndex) { return; }
    send(event, event.item.dataset.place, whereTo(event));
  }

  function added(event) {
    const kind = event.item.dataset.kind;
    if (!kind) { return; }
    send(event, event.to.dataset.kinds, { ...whereTo(event), kind });
  }

  const takes = (list) => (_to, from, item) => {
    const kind = item.dataset.kind;
    if (kind) { return !list.dataset.table || !["table", "attachment"].includes(kind); }
    return !("loose" in list.dataset) && from.el.dataset.fields === list.dataset.fields;
  };

  function start() {
    if (!window.Sortable) { return; }
    const common = { animation: 120, ghostClass: "drag-ghost", chosenClass: "drag-chosen", delay: 120, delayOnTouchOnly: true };
    all("#_canvas [data-fields]").forEach((list) => {
      if (window.Sortable.get(list)) { return; }
      new window.Sortable(list, { ...common, group: { name: "fields", put: takes(list) }, handle: ".design-handle", draggable: ".design-row", onUpdate: moved, onAdd: (event) => (event.item.dataset.kind ? added(event) : moved(event)) });
    });
    const canvas = document.getElementById("_canvas");
    if (canvas && !window.Sortable.get(canvas)) {
      new window.Sortable(canvas, { ...common, handle: "[data-section-handle]", draggable: "[data-section]", onUpdate: (event) => {
        send(event, event.item.dataset.place, { index: event.newDraggableIndex, part: event.item.dataset.part });
      } });
    }
    all(".palette-kinds").forEach((list) => {
      if (window.Sortable.get(list)) { return; }
      new window.Sortable(list, { ...common, sort: false, group: { name: "fields", pull: "clone", put: false } });
    });
  }

  // --- a field beside the form ---------------------------------------------------------------------
  function mark(address) {
    all(".design-row[aria-current]").forEach((row) => row.removeAttribute("aria-current"));
    const link = address && all("[data-properties]").find((one) => one.getAttribute("href") === address);
    if (link) { link.closest(".design-row").setAttribute("aria-current", "true"); }
  }

  let open = "";
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-properties]");
    if (!link || !wide.matches || event.button || event.ctrlKey || event.metaKey || event.shiftKey || !window.htmx) { return; }
    event.preventDefault();
    open = link.getAttribute("href");
    mark(open);
    window.htmx.ajax("GET", open, { target: "#_side", swap: "innerHTML" }).then(() => {
      const side = document.getElementById("_side");
      side.scrollTop = 0;
      const first = side.querySelector("input:not([type=hidden]), select, textarea");
      if (first) { first.focus({ preventScroll: true }); }
    });
  });

  document.addEventListener("DOMContentLoaded", start);
  // What was said about saving stands at the top of the panel: it is shown, however far one has scrolled.
  document.addEventListener("htmx:afterSettle", (event) => {
    start();
    mark(open);
    const side = document.getElementById("_side");
    if (side && event.detail.elt.id === "_field") { side.scrollTop = 0; }
  });
})();
