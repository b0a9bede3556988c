// Type-ahead for selects (data-enhance) and the glue around htmx: stale answers are dropped, the cursor stays
// where it was, an answer that could not be shown is said in words.
(function () {
  "use strict";

  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));

  // --- type-ahead ---------------------------------------------------------------------------------
  function option(data, escape) {
    return `<div>${escape(data.text)}${data.facts ? `<span class="option-facts">${escape(data.facts)}</span>` : ""}</div>`;
  }

  function enhance(within) {
    if (!window.TomSelect) { return; }
    all("select[data-enhance]", within).forEach((select) => {
      if (select.tomselect) { return; }
      const source = select.dataset.enhance === "local" ? null : select.dataset.enhance;
      const settings = { maxOptions: 200, render: { option, item: option }, plugins: select.multiple ? ["remove_button"] : [], refreshThrottle: 0, dropdownParent: select.closest(".line-table") ? "body" : null };
      if (source) {
        settings.load = (query, done) => {
          const address = new URL(source, location.href);
          address.searchParams.set("q", query);
          fetch(address, { headers: { Accept: "application/json" } }).then((r) => r.json()).then((a) => done(a.items), () => done());
        };
        settings.preload = "focus";
        settings.searchField = ["text", "facts"];
      }
      new window.TomSelect(select, settings);
      select.setAttribute("aria-hidden", "true");
    });
  }

  // --- htmx: stale answers are dropped, the cursor stays where it was --------------------------------
  const latest = new WeakMap();
  let cursor = null;

  document.addEventListener("htmx:beforeRequest", (event) => {
    const number = (latest.get(event.detail.target) || 0) + 1;
    latest.set(event.detail.target, number);
    event.detail.xhr.number = number;
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const target = event.detail.target;
    if (event.detail.xhr.number && event.detail.xhr.number < latest.get(target)) { event.detail.shouldSwap = false; return; }
    const field = document.activeElement;
    cursor = field && field.name && target.contains(field) ? { name: field.name, start: field.selectionStart, end: field.selectionEnd } : null;
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    enhance(event.detail.elt);
    if (cursor && document.activeElement === document.body) {
      const field = document.querySelector(`[name="${CSS.escape(cursor.name)}"]`);
      if (field) {
        field.focus({ preventScroll: true });
        if (cursor.start !== null && field.setSelectionRange && /^(text|search|tel|url|password|)$/.test(field.type || "")) { field.setSelectionRange(cursor.start, cursor.end); }
      }
    }
    cursor = null;
    const summary = event.detail.xhr && event.detail.xhr.status === 422 && document.querySelector("[data-error-summary]");
    if (summary && document.activeElement === document.body) { summary.focus(); }
  });

  // An answer that could not be shown is said in words, never swallowed.
  function failed(event) {
    const box = document.getElementById("notices");
    const text = box && (event.type === "htmx:sendError" ? box.dataset.offline : box.dataset.failed);
    if (!text || box.querySelector("[data-trouble]")) { return; }
    const line = document.createElement("div");
    line.className = "notice notice-red";
    line.dataset.trouble = "";
    line.append(Object.assign(document.createElement("p"), { textContent: text }));
    box.append(line);
  }
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:afterOnLoad", () => { all("[data-trouble]").forEach((line) => line.remove()); });

  document.addEventListener("DOMContentLoaded", () => enhance(document));
})();
