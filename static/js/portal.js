// What the page does beyond links and forms. Everything here is a comfort: without it the portal still works.
// Hooks are data attributes: data-key, data-key-go, data-row-link, data-list, data-autosubmit, data-guard,
// data-saved, data-preview, data-preview-here, data-dialog, data-close, data-dismiss, data-remember, data-filter-items, data-theme-form.
// Type-ahead and the glue around htmx stand in live.js.
(function () {
  "use strict";

  const root = document.documentElement;
  const typing = (node) => node.closest("input, textarea, select, [contenteditable], .ts-wrapper, .ace_editor");
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  const shown = (node) => node.checkVisibility ? node.checkVisibility() : node.offsetParent !== null;

  // --- keys ---------------------------------------------------------------------------------------
  let row = -1;

  function rows() {
    return all("[data-list] tbody tr, [data-list] > li").filter((r) => shown(r) && r.querySelector("a"));
  }

  function walk(step) {
    const list = rows();
    if (!list.length) { return; }
    list.forEach((r) => r.classList.remove("at"));
    const here = list.findIndex((r) => r.contains(document.activeElement));
    row = Math.max(0, Math.min(list.length - 1, (here >= 0 ? here : row) + step));
    list[row].classList.add("at");
    const link = list[row].querySelector("[data-row-link]") || list[row].querySelector("a");
    link.focus({ preventScroll: true });
    list[row].scrollIntoView({ block: "nearest" });
  }

  const keys = {
    "/": () => { const box = all("[data-shortcut-search]").find(shown); if (box) { box.focus(); box.select(); } },
    "?": () => { const box = document.getElementById("shortcuts"); if (box && !box.open) { box.showModal(); } },
    j: () => walk(1),
    k: () => walk(-1),
  };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && event.target.form) {
      event.preventDefault();
      event.target.form.requestSubmit();
      return;
    }
    if (event.key === "Escape") { closeMenus(null, true); }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) { return; }
    if (document.querySelector("dialog[open]")) { return; }
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const go = document.querySelector(`[data-key-go="${CSS.escape(key)}"]`);
    const focus = all(`[data-key="${CSS.escape(key)}"]`).find(shown);
    if (keys[key]) { keys[key](); } else if (focus) { focus.focus(); } else if (go) { go.click(); } else { return; }
    event.preventDefault();
  });

  // --- preview: what the row under the focus or the pointer is about, beside the list ---------------
  const roomy = window.matchMedia("(min-width: 1280px)");
  let resting = 0;

  function preview(line) {
    const place = document.querySelector("[data-preview-here]");
    const link = line && line.querySelector("[data-preview]");
    if (!place || !link || !roomy.matches || place.dataset.shown === link.dataset.preview) { return; }
    place.dataset.shown = link.dataset.preview;
    all(".previewed").forEach((other) => other.classList.remove("previewed"));
    line.classList.add("previewed");
    window.htmx.ajax("GET", link.dataset.preview, { target: place, swap: "innerHTML" });
  }

  function restOn(event) {
    const line = event.target.closest ? event.target.closest("tr") : null;
    clearTimeout(resting);
    if (line) { resting = setTimeout(() => preview(line), 200); }
  }

  document.addEventListener("focusin", restOn);
  document.addEventListener("mouseover", restOn);
  const first = () => preview(rows().find((line) => line.querySelector("[data-preview]")));
  document.addEventListener("DOMContentLoaded", first);
  document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.elt.querySelector("[data-preview-here]")) { first(); } });

  // --- clicks: rows, menus, dialogs, notices ------------------------------------------------------
  function closeMenus(except, focus) {
    all("details.menu[open]").forEach((menu) => {
      if (menu === except || (except && menu.contains(except))) { return; }
      if (focus && menu.contains(document.activeElement)) { menu.querySelector("summary").focus(); }
      menu.open = false;
    });
  }

  function followRow(event) {
    const line = event.target.closest("tr, li");
    const link = line && line.querySelector("[data-row-link]");
    if (!link || event.target.closest("a, button, input, select, label, summary, textarea")) { return; }
    if (String(window.getSelection())) { return; }
    if (event.ctrlKey || event.metaKey || event.button === 1) { window.open(link.href, "_blank", "noopener"); } else { link.click(); }
  }

  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details.menu"));
    const opener = event.target.closest("[data-dialog], [data-shortcuts]");
    if (opener) {
      event.preventDefault();
      document.getElementById(opener.dataset.dialog || "shortcuts").showModal();
      return;
    }
    const closer = event.target.closest("[data-close]");
    if (closer) { event.preventDefault(); closer.closest("dialog").close(); return; }
    if (event.target.matches("dialog[open]")) { event.target.close(); return; }
    const dismiss = event.target.closest("[data-dismiss]");
    if (dismiss) { dismiss.parentElement.remove(); return; }
    followRow(event);
  });
  document.addEventListener("auxclick", (event) => { if (event.button === 1) { followRow(event); } });

  // --- forms: filters send themselves, unsaved input asks, one submit is one submit -----------------
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && form.matches("[data-autosubmit]") && !event.target.matches("[type=search], [type=text]")) { form.requestSubmit(); }
  });

  let changed = false;
  document.addEventListener("input", (event) => {
    if (event.target.closest("form[data-guard]")) { changed = true; }
    if (event.target.matches("[data-filter-items]")) {
      const wanted = event.target.value.trim().toLowerCase();
      all(".menu-item:not(.menu-last)", event.target.closest(".menu-body")).forEach((item) => {
        item.hidden = wanted !== "" && !item.textContent.toLowerCase().includes(wanted);
      });
    }
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const target = event.detail.elt;
    recall(target);
    if (target.matches("[data-saved]") || target.querySelector("[data-saved]")) { changed = false; }
  });
  window.addEventListener("beforeunload", (event) => { if (changed) { event.preventDefault(); } });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method === "dialog") { return; }
    if (form.matches("[data-theme-form]")) { event.preventDefault(); chooseTheme(form, event.submitter); return; }
    if (form.method === "get") {
      const empty = all("input, select", form).filter((field) => !field.disabled && field.value === "");
      empty.forEach((field) => { field.disabled = true; });
      setTimeout(() => empty.forEach((field) => { field.disabled = false; }));
      return;
    }
    if (form.matches("[data-guard]")) { changed = false; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => { delete form.dataset.sent; }, 5000);
  });
  window.addEventListener("pageshow", () => { all("form[data-sent]").forEach((form) => { delete form.dataset.sent; }); });

  function chooseTheme(form, button) {
    let theme = button ? button.value : "auto";
    if (button && button.matches("[data-theme-toggle]")) { theme = root.dataset.bsTheme === "dark" ? "light" : "dark"; }
    document.cookie = `theme=${theme}; path=/; max-age=31536000; samesite=lax`;
    window.portalTheme();
    all("[data-theme-form] [aria-pressed]").forEach((b) => b.setAttribute("aria-pressed", String(b.value === theme)));
    const body = new FormData(form);
    body.set("theme", theme);
    fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" }, redirect: "manual" });
  }

  // --- sections remember whether they are open ----------------------------------------------------
  document.addEventListener("toggle", (event) => {
    const key = event.target.dataset && event.target.dataset.remember;
    if (key && !event.target.querySelector(".has-error")) { sessionStorage.setItem(`open:${location.pathname}:${key}`, event.target.open ? "1" : "0"); }
  }, true);

  function recall(within) {
    all("details[data-remember]", within).forEach((part) => {
      const was = sessionStorage.getItem(`open:${location.pathname}:${part.dataset.remember}`);
      if (was && !part.querySelector(".has-error")) { part.open = was === "1"; }
    });
  }

  // A link to a field inside a closed section opens the section.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-error-summary] a[href^='#']");
    const field = link && document.getElementById(decodeURIComponent(link.hash.slice(1)));
    if (!field) { return; }
    event.preventDefault();
    for (let part = field.closest("details"); part; part = part.parentElement.closest("details")) { part.open = true; }
    const control = field.matches("input, select, textarea, button") ? field : field.querySelector("input, select, textarea, button") || field;
    (control.tomselect || control).focus();
    field.scrollIntoView({ block: "center" });
  });

  // --- start --------------------------------------------------------------------------------------
  document.addEventListener("DOMContentLoaded", () => {
    recall(document);
    all(".tab-bar [aria-current]").forEach((tab) => {
      const bar = tab.closest(".tab-bar");
      bar.scrollLeft = tab.offsetLeft - bar.offsetLeft - (bar.clientWidth - tab.offsetWidth) / 2;
    });
    const summary = document.querySelector("[data-error-summary]");
    if (summary) { summary.focus({ preventScroll: true }); summary.scrollIntoView({ block: "nearest" }); }
  });
})();
