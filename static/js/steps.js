// Ctrl Z and Ctrl Shift Z press the undo and redo buttons of a draft, unless somebody is typing.
(function () {
  "use strict";

  const typing = (one) => one && one.closest && one.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], .ace_editor");

  document.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !(key === "z" || key === "y") || typing(event.target)) { return; }
    const button = document.getElementById(key === "y" || event.shiftKey ? "redo" : "undo");
    if (!button) { return; }
    event.preventDefault();
    button.click();
  });
})();
