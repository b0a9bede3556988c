// Formulas of a field: the names that fit the word being typed, in a list one walks with the arrow keys; and, after a
// pause, what is wrong with the formula or what it is worth on an example. The server keeps nothing of it.
// <div data-formula="ID OF TEXTAREA" data-try="ADDRESS" data-names="ADDRESS"> … <div class="trial">
(function () {
  "use strict";

  const PAUSE = 400;
  const MOST = 8;
  const WORD = /[A-Za-z_][\w.]*$/;
  let count = 0;

  function start(tools) {
    const area = document.getElementById(tools.dataset.formula);
    if (!area || area.dataset.formulaReady) { return; }
    area.dataset.formulaReady = "yes";
    const trial = tools.querySelector(".trial");
    const list = document.createElement("ul");
    list.className = "formula-names";
    list.id = `formula-names-${count += 1}`;
    list.setAttribute("role", "listbox");
    list.hidden = true;
    area.after(list);
    for (const [name, value] of [["aria-autocomplete", "list"], ["aria-haspopup", "listbox"], ["aria-controls", list.id]]) { area.setAttribute(name, value); }
    let names = null;
    let timer = 0;
    let asked = 0;
    let taken = false;

    async function known() {
      if (names) { return names; }
      try {
        const answer = await fetch(tools.dataset.names, { headers: { Accept: "application/json" } });
        names = answer.ok ? await answer.json() : [];
      } catch (error) { names = []; }
      return names;
    }

    const word = () => (WORD.exec(area.value.slice(0, area.selectionStart)) || [""])[0];
    const chosen = () => list.querySelector("[aria-selected=true]");

    function close() {
      list.hidden = true;
      area.removeAttribute("aria-activedescendant");
    }

    function choose(item) {
      if (chosen()) { chosen().setAttribute("aria-selected", "false"); }
      item.setAttribute("aria-selected", "true");
      area.setAttribute("aria-activedescendant", item.id);
      item.scrollIntoView({ block: "nearest" });
    }

    function take(item) {
      const end = area.selectionStart;
      const begin = end - word().length;
      area.setRangeText(item.dataset.name, begin, end, "end");
      close();
      area.focus();
      taken = true;
      area.dispatchEvent(new Event("input", { bubbles: true }));
    }

    async function offer() {
      const typed = word().toLowerCase();
      const all = await known();
      const said = (one) => one[0].toLowerCase().startsWith(typed) || one[1].toLowerCase().includes(typed);
      const later = (one) => (one[0].toLowerCase().startsWith(typed) ? 0 : 1);
      const found = typed ? all.filter((one) => said(one) && one[0].toLowerCase() !== typed).sort((a, b) => later(a) - later(b)).slice(0, MOST) : [];
      if (!found.length || document.activeElement !== area) { close(); return; }
      list.replaceChildren(...found.map((one, at) => {
        const item = document.createElement("li");
        item.id = `${list.id}-${at}`;
        item.dataset.name = one[0];
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", "false");
        item.append(Object.assign(document.createElement("code"), { textContent: one[0] }), Object.assign(document.createElement("span"), { textContent: one[1] }));
        item.addEventListener("mousedown", (event) => { event.preventDefault(); take(item); });
        return item;
      }));
      list.hidden = false;
    }

    async function test() {
      const token = document.querySelector("input[name=csrf_token]");
      const number = asked += 1;
      const body = new FormData();
      body.append("csrf_token", token ? token.value : "");
      body.append("try", area.id);
      body.append(area.id, area.value);
      try {
        const answer = await fetch(tools.dataset.try, { method: "POST", body, headers: { "HX-Request": "true" } });
        const told = answer.ok ? await answer.text() : "";
        if (number === asked) { trial.replaceChildren(...new DOMParser().parseFromString(told, "text/html").body.childNodes); }
      } catch (error) { trial.replaceChildren(); }
    }

    area.addEventListener("input", () => {
      if (!taken) { offer(); }
      taken = false;
      clearTimeout(timer);
      timer = setTimeout(test, PAUSE);
    });
    area.addEventListener("focus", () => { known(); if (area.value && !trial.childElementCount) { test(); } });
    area.addEventListener("blur", close);
    area.addEventListener("keydown", (event) => {
      if (event.key === " " && event.ctrlKey) { event.preventDefault(); offer(); return; }
      if (list.hidden) { return; }
      const items = Array.from(list.children);
      const at = items.indexOf(chosen());
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        choose(items[(at + (event.key === "ArrowDown" ? 1 : -1) + items.length) % items.length]);
      } else if ((event.key === "Enter" || event.key === "Tab") && at >= 0) {
        event.preventDefault();
        take(items[at]);
      } else if (event.key === "Escape") {
        event.stopPropagation();
        close();
      }
    });
  }

  const startAll = () => document.querySelectorAll("[data-formula]").forEach(start);
  document.addEventListener("DOMContentLoaded", startAll);
  document.addEventListener("htmx:afterSettle", startAll);
})();
