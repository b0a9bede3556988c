// Filling in a form: recalculation, autosave, rows, pasting from a spreadsheet, uploads. Everything here is a comfort:
// without it the same page saves and recalculates by its buttons.
// Every request carries the page's own number; an older answer is dropped. An answer never touches a control that has
// focus or that was changed after the question was asked.
(function () {
  "use strict";

  const form = document.querySelector("form[data-entry]");
  if (!form || !window.htmx) { return; }

  const all = (selector, within = form) => Array.from(within.querySelectorAll(selector));
  const by = (id) => document.getElementById(id);
  const keeps = form.dataset.keeps === "yes";
  const revision = () => Number(by("entry-revision").value);
  const ASK_AFTER = 300;
  const SAVE_AFTER = 2500;
  const SAVE_AT_LAST = 10000;

  // What changed, by control name, with the moment (a counter): since the last save, since the last answer.
  let tick = 0;
  const unsaved = new Map();
  const unasked = new Map();
  const reordered = new Map();
  const forget = (map, upTo) => map.forEach((at, name) => { if (at <= upTo) { map.delete(name); } });

  // --- the two requests: ask (recalculate) and save; never both at once ------------------------------------------
  const asker = lane("this:replace");
  const saver = lane("this:drop");
  let number = 0;
  let asking = null;
  let saving = null;
  let stopped = false;
  let askTimer = 0;
  let saveTimer = 0;
  let firstUnsaved = 0;
  let leaving = false;
  let waiting = [];

  function lane(sync) {
    const element = document.createElement("div");
    element.hidden = true;
    element.setAttribute("hx-sync", sync);
    document.body.append(element);  // not inside the form: htmx would post all of it
    return element;
  }

  // The page as it is posted: of a saved draft only the header and the cells that changed since.
  function posted() {
    const data = new FormData(form);
    const partial = keeps && revision() > 0;
    const tables = all("[data-table]").map((one) => one.dataset.table);
    for (const name of new Set(data.keys())) {
      const table = tables.find((key) => name.startsWith(`${key}-`));
      const own = name.startsWith("_file-") || name.startsWith("_find-") || name === "_request_key" || name === "_comment";
      const known = partial && table && (name === `${table}-order` ? !reordered.has(table) : !unsaved.has(name));
      if (own || known) { data.delete(name); }
    }
    return data;
  }

  function send(source, address, extra) {
    const data = posted();
    number += 1;
    data.set("_n", String(number));
    extra.forEach(([name, value]) => data.append(name, value));
    window.htmx.ajax("POST", address, { source, target: source, swap: "none", values: data });
    return { number, tick };
  }

  function ask(extra = []) {
    clearTimeout(askTimer);
    if (saving) { waiting.push(extra); return; }
    const names = Array.from(unasked.keys(), (name) => ["_changed", name]);
    asking = send(asker, form.dataset.recalculate, [...names, ...extra]);
  }

  function save() {
    clearTimeout(saveTimer);
    if (!keeps || stopped || leaving || !(unsaved.size + reordered.size)) { return; }
    if (asking || saving) { saveTimer = setTimeout(save, 200); return; }
    say(form.dataset.saving, "grey");
    saving = send(saver, form.dataset.save, []);
  }

  function later() {
    clearTimeout(askTimer);
    askTimer = setTimeout(ask, ASK_AFTER);
    saveLater();
  }

  function saveLater() {
    if (!keeps || stopped) { return; }
    firstUnsaved = firstUnsaved || Date.now();
    clearTimeout(saveTimer);
    saveTimer = setTimeout(save, Math.max(0, Math.min(SAVE_AFTER, firstUnsaved + SAVE_AT_LAST - Date.now())));
    if (!saving) { say(form.dataset.unsaved, "grey"); }
  }

  function changed(name) {
    tick += 1;
    unsaved.set(name, tick);
    unasked.set(name, tick);
    later();
  }

  function rowsChanged(table) {
    tick += 1;
    reordered.set(table, tick);
    unasked.set(`${table}-order`, tick);
    renumber(table);
    later();
  }

  function say(text, tone) {
    const line = by("save_state");
    if (!line || line.hasAttribute("data-stale")) { return; }
    line.className = `save-state tone-text-${tone}`;
    line.querySelector("span").textContent = text;
  }

  const isOurs = (control) => control.name && !control.name.startsWith("_") && control.type !== "hidden" && control.type !== "file";
  ["input", "change"].forEach((kind) => form.addEventListener(kind, (event) => {
    if (isOurs(event.target)) { changed(event.target.name); }
  }));

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.target !== asker && event.target !== saver) { return; }
    const { xhr, requestConfig, successful } = event.detail;
    const sent = Number(requestConfig.formData.get("_n"));
    if (event.target === saver) {
      const done = saving;
      saving = null;
      if (successful) {
        forget(unsaved, done.tick);
        forget(reordered, done.tick);
        firstUnsaved = 0;
        if (unsaved.size + reordered.size) { later(); }
      } else if (xhr.status === 409) { stopped = true; } else if (xhr.status >= 400 && xhr.status < 500) {
        say(form.dataset.refused, "red");  // the same again would be refused again
      } else {
        say(form.dataset.failed, "red");
        saveTimer = setTimeout(save, 5000);
      }
      waiting.splice(0).forEach((extra) => ask(extra));
    } else if (asking && sent === asking.number) {
      if (successful) {
        if (!again) { forget(unasked, asking.tick); }
        answered();
      }
      if (xhr.status === 409) { stopped = true; }
      asking = null;
    }
  });

  document.addEventListener("htmx:beforeSwap", (event) => {
    const back = Number(event.detail.xhr.getResponseHeader("X-Page-Number"));
    if (event.target === asker && (!asking || back < asking.number)) { event.detail.shouldSwap = false; }
  });

  // --- what of an answer is taken ------------------------------------------------------------------------------
  const isTouched = (place) => place.contains(document.activeElement) || all("[name]", place).some((one) => unasked.get(one.name) > asking.tick);
  let again = false;  // something was left as it is: ask the same again once the control is left

  document.addEventListener("htmx:oobBeforeSwap", (event) => {
    const place = event.detail.target;
    const fresh = event.detail.fragment.firstElementChild;
    if (!asking || !fresh || !form.contains(place)) { return; }
    if (place.id.startsWith("x-")) { event.detail.shouldSwap = false; mergeErrors(place, fresh); return; }
    if (place.id.startsWith("b-")) {
      if (fresh.id === place.id && isTouched(place)) { event.detail.shouldSwap = false; again = true; }
      return;
    }
    if (!place.id.startsWith("w-")) { return; }
    if (fresh.dataset.state === place.dataset.state && !fresh.hasAttribute("data-renew")) {
      const words = fresh.querySelector(".field-label");
      const old = place.querySelector(".field-label");
      if (words && old) { old.innerHTML = words.innerHTML; }
      event.detail.shouldSwap = false;
    } else if (isTouched(place)) {
      event.detail.shouldSwap = false;
      again = true;
    }
  });
  form.addEventListener("focusout", () => { if (again) { again = false; later(); } });

  // The errors of a table's cells: those judged anew are exchanged, the others stay.
  function mergeErrors(list, fresh) {
    const judged = new Set((fresh.dataset.judged || "").split(" "));
    all("li", list).forEach((line) => { if (fresh.hasAttribute("data-judged-all") || judged.has(line.dataset.for)) { line.remove(); } });
    all("li", fresh).forEach((line) => list.append(line));
  }

  function answered() {
    const normal = by("entry-normal");
    const values = JSON.parse((normal && normal.dataset.values) || "{}");
    Object.entries(values).forEach(([name, [typed, text]]) => {
      const control = form.elements.namedItem(name);
      if (control && control !== document.activeElement && control.value === typed) { control.value = text; }
    });
    all("[data-table]").forEach((table) => adopt(table));
    markErrors();
  }

  // Rows the answer brought are unsaved as a whole. They are known as elements: rows of another record, brought by a
  // link, may have the ids of the former ones.
  const known = new WeakSet();
  function adopt(box) {
    const table = box.dataset.table;
    const rows = all("tbody > tr", box).filter((row) => !known.has(row));
    rows.forEach((row) => {
      known.add(row);
      tick += 1;
      reordered.set(table, tick);
      all("[name]", row).forEach((one) => { if (isOurs(one)) { unsaved.set(one.name, tick); } });
    });
    if (!rows.length) { return; }
    renumber(table);
    saveLater();
    if (box.dataset.then === "focus") { const first = firstControl(rows[0]); if (first) { first.focus(); } }
    delete box.dataset.then;
    if (box.pasting) { const { control, grid } = box.pasting; box.pasting = null; spread(control, grid, true); }
  }
  all("[data-table] tbody > tr").forEach((row) => known.add(row));

  const firstControl = (row) => row.querySelector("td.cell :is(input, select, textarea):not([type=hidden])");

  // A page that came back unsaved (refused, or behind a newer version) is unsaved as a whole; nothing is sent by itself.
  if (form.dataset.kept === "no") {
    tick += 1;
    all("[name]").forEach((one) => { if (isOurs(one)) { unsaved.set(one.name, tick); } });
    all("[data-table]").forEach((box) => reordered.set(box.dataset.table, tick));
  }

  function renumber(table) {
    all(`#b-${table} > tr`).forEach((row, place) => { row.querySelector("[data-row-number]").textContent = String(place + 1); });
  }

  function markErrors() {
    all(".field-error[data-for]").forEach((line) => {
      const box = line.closest("[data-state]") || line.parentElement;
      const bad = !line.hidden;
      box.classList.toggle("has-error", bad);
      all(`[name="${CSS.escape(line.dataset.for)}"]:not([type=hidden])`, box).forEach((one) => invalid(one, bad));
    });
    all(".cell-errors").forEach((list) => {
      const box = list.closest("[data-table]");
      const bad = new Set(all("li", list).map((line) => line.dataset.for));
      all("td.cell [name]", box).forEach((one) => invalid(one, bad.has(one.name)));
      all("tbody > tr", box).forEach((row) => row.classList.toggle("has-error", Boolean(row.querySelector("[aria-invalid]"))));
    });
    all(".form-section").forEach((section) => {
      const count = all(".field-error:not([hidden]), .cell-errors li", section).length;
      const badge = section.querySelector(".section-errors");
      const line = document.querySelector(`[data-outline="${section.id}"] .outline-errors`);
      if (badge) { badge.hidden = !count; badge.querySelector("[data-error-count]").textContent = String(count); }
      if (line) { line.hidden = !count; line.textContent = String(count); }
    });
    all("[data-error-summary] a").forEach((link) => {
      const name = decodeURIComponent(link.hash.slice(3));
      const line = by(`e-${name}`);
      if (!line || line.hidden) { link.closest("li").remove(); }
    });
    all("[data-error-summary]").forEach((box) => { if (!box.querySelector("li")) { box.remove(); } });
  }

  function invalid(control, bad) {
    if (bad) { control.setAttribute("aria-invalid", "true"); } else { control.removeAttribute("aria-invalid"); }
  }

  // --- rows: add, remove, move; keys and pasting as in a spreadsheet --------------------------------------------
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name]");
    if (!button || !["_add", "_remove", "_up", "_detach"].includes(button.name)) { return; }
    event.preventDefault();
    const table = button.value.split(":")[0];
    const line = button.closest("tr, li");
    if (button.name === "_add") {
      button.closest("[data-table]").dataset.then = "focus";
      ask([["_add", table], ["_changed", `${table}-order`]]);
    } else if (button.name === "_detach") {
      line.remove();
      changed(table);
    } else if (button.name === "_up") {
      if (line.previousElementSibling) { line.previousElementSibling.before(line); }
      button.focus();
      rowsChanged(table);
    } else {
      const next = line.nextElementSibling || line.previousElementSibling;
      line.remove();
      const target = (next && next.querySelector("[name=_remove]")) || by(`w-${table}`).querySelector("[name=_add]");
      if (target) { target.focus(); }
      rowsChanged(table);
    }
  });

  function below(control, step) {
    const cell = control.closest("td.cell");
    const row = cell && (step > 0 ? cell.parentElement.nextElementSibling : cell.parentElement.previousElementSibling);
    const other = row && row.children[cell.cellIndex];
    return other && other.querySelector(":is(input, select, textarea):not([type=hidden])");
  }

  form.addEventListener("keydown", (event) => {
    const control = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || !control.matches("input:not([type=submit], [type=file])")) { return; }
    const step = { Enter: 1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || (event.key !== "Enter" && (control.type !== "text" || control.closest(".ts-wrapper")))) { return; }
    if (event.key === "Enter" || control.closest("td.cell")) { event.preventDefault(); }
    const other = control.closest("td.cell") && below(control, step);
    if (other) { other.focus(); if (other.select) { other.select(); } }
  });

  form.addEventListener("paste", (event) => {
    const control = event.target;
    const text = event.clipboardData && event.clipboardData.getData("text/plain");
    if (!text || !control.closest("td.cell") || control.closest(".ts-wrapper") || !/[\t\n]/.test(text.trimEnd())) { return; }
    event.preventDefault();
    spread(control, text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t")), false);
  });

  function spread(control, grid, last) {
    const cell = control.closest("td.cell");
    const box = control.closest("[data-table]");
    const rows = Array.from(cell.closest("tbody").children);
    const from = rows.indexOf(cell.parentElement);
    const missing = grid.length - (rows.length - from);
    if (missing > 0 && !last && box.querySelector("[name=_add]")) {
      box.pasting = { control, grid };
      ask([["_add", box.dataset.table], ["_changed", `${box.dataset.table}-order`], ["_count", String(missing)]]);
      return;
    }
    grid.forEach((texts, down) => texts.forEach((text, right) => {
      const row = rows[from + down];
      const place = row && row.children[cell.cellIndex + right];
      const target = place && place.dataset.state === "write" && place.querySelector(":is(input, select, textarea):not([type=hidden])");
      if (target) { put(target, text.trim()); }
    }));
  }

  function put(control, text) {
    if (control.matches("select")) {
      const wanted = text.toLowerCase();
      const found = Array.from(control.options).find((one) => [one.value, one.textContent.trim(), one.dataset.text || ""].some((word) => word.toLowerCase() === wanted));
      if (!found) { return; }
      if (control.tomselect) { control.tomselect.setValue(found.value); } else { control.value = found.value; }
    } else { control.value = text; }
    changed(control.name);
  }

  // --- files: each upload is a request of its own ---------------------------------------------------------------
  form.addEventListener("change", (event) => {
    const input = event.target;
    if (!input.matches(".upload-input") || !input.files.length) { return; }
    upload(input, Array.from(input.files));
  });

  async function upload(input, files) {
    const box = input.closest("[data-upload]");
    const field = box.dataset.field;
    const state = box.querySelector(".upload-state");
    const error = by(`e-${field}`);
    const refused = [];
    state.textContent = form.dataset.uploading;
    error.hidden = true;
    for (const file of files) {
      if (file.size > Number(form.dataset.mostBytes)) { refused.push(tooLarge(file)); continue; }
      const data = new FormData();
      ["csrf_token", "_form", "_release", "_project", "_revision", "_task"].forEach((name) => {
        const control = form.elements.namedItem(name);
        if (control) { data.set(name, control.value); }
      });
      data.set("_upload", field);
      data.set(`_file-${field}`, file);
      let answer = null;
      try { answer = await fetch(box.dataset.upload, { method: "POST", body: data, headers: { "HX-Request": "true" } }); } catch { answer = null; }
      if (answer && answer.ok) {
        const made = document.createElement("template");
        made.innerHTML = await answer.text();
        by(`f-${field}`).append(made.content);
        changed(field);
      } else {
        refused.push(await whyNot(answer, file));
      }
    }
    error.querySelector("span").textContent = refused.join(" ");
    error.hidden = !refused.length;
    state.textContent = "";
    input.value = "";
    markErrors();
  }

  function tooLarge(file) { return form.dataset.tooLarge.replace("{name}", file.name); }

  async function whyNot(answer, file) {
    if (!answer) { return by("notices").dataset.offline; }
    if ((answer.headers.get("Content-Type") || "").startsWith("text/plain")) { return answer.text(); }
    return answer.status === 413 ? tooLarge(file) : by("notices").dataset.failed;
  }

  // --- leaving ----------------------------------------------------------------------------------------------------
  document.addEventListener("submit", (event) => { if (event.target === form && !event.defaultPrevented) { leaving = true; clearTimeout(saveTimer); } });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => { if (!leaving && unsaved.size + reordered.size) { event.preventDefault(); } });
})();
