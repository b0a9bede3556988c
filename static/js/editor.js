// Turns <textarea data-editor="json"> into an Ace editor that respects a strict Content-Security-Policy.
// The textarea stays the form's field and is kept equal; without this file it is simply edited as it is.
// data-errors: JSON list of {line, column, message} counted from 1, shown in the gutter.
// data-ace: address of the vendored folder. Every change fires a plain "input" event on the textarea.
(function () {
  "use strict";

  const dark = () => document.documentElement.dataset.bsTheme === "dark";

  function themeOf(editor) { editor.setTheme(dark() ? "ace/theme/one_dark" : "ace/theme/chrome"); }

  function marks(area) {
    return JSON.parse(area.dataset.errors || "[]").map((e) => (
      { row: e.line - 1, column: (e.column || 1) - 1, text: e.message, type: e.level || "error" }));
  }

  function start(area) {
    if (!window.ace || area.dataset.started) { return; }
    area.dataset.started = "yes";
    const box = document.createElement("div");
    box.className = "code-box";
    area.after(box);
    area.classList.add("code-hidden");
    const editor = window.ace.edit(box, {
      mode: "ace/mode/json", tabSize: 2, useSoftTabs: true, showPrintMargin: false,
      minLines: 16, maxLines: 48, fontSize: 13, readOnly: area.readOnly, value: area.value, useSvgGutterIcons: true,
    });
    themeOf(editor);
    editor.session.setAnnotations(marks(area));
    editor.textInput.getElement().setAttribute("aria-label", area.getAttribute("aria-label") || "JSON");
    editor.session.on("change", () => {
      area.value = editor.getValue();
      area.dispatchEvent(new Event("input", { bubbles: true }));
    });
    editor.on("blur", () => area.dispatchEvent(new Event("change", { bubbles: true })));
    area.addEventListener("portal:errors", () => editor.session.setAnnotations(marks(area)));
    new MutationObserver(() => themeOf(editor)).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
    area.portalEditor = editor;
  }

  // A link #L12 inside the page goes to that line.
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#L']");
    const area = link && document.querySelector("[data-started]");
    const line = link && Number(link.hash.slice(2));
    if (!area || !line) { return; }
    event.preventDefault();
    area.portalEditor.gotoLine(line, Number(link.dataset.column || 1) - 1, true);
    area.portalEditor.focus();
  });

  function startAll(within) { within.querySelectorAll("textarea[data-editor]").forEach(start); }

  // A fragment with new errors for the editor: <ul data-editor-errors="ID OF TEXTAREA" data-errors="[...]">
  function renew(within) {
    within.querySelectorAll("[data-editor-errors]").forEach((list) => {
      const area = document.getElementById(list.dataset.editorErrors);
      if (!area) { return; }
      area.dataset.errors = list.dataset.errors || "[]";
      area.dispatchEvent(new Event("portal:errors"));
    });
  }

  document.addEventListener("DOMContentLoaded", () => {
    const base = document.querySelector("[data-ace]");
    if (window.ace && base) {
      window.ace.config.set("useStrictCSP", true);
      window.ace.config.setDefaultValue("session", "useWorker", false);
      window.ace.config.set("basePath", base.dataset.ace);
    }
    startAll(document);
    renew(document);
  });
  document.addEventListener("htmx:afterSettle", (event) => { startAll(event.detail.elt); renew(document); });
})();
