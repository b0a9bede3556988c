// The author's editor: Ctrl S saves, and an address that names a line (#L12) opens there.
(function () {
  "use strict";

  document.addEventListener("keydown", (event) => {
    const save = document.getElementById("save");
    if (!save || event.key.toLowerCase() !== "s" || !(event.ctrlKey || event.metaKey)) { return; }
    event.preventDefault();
    save.click();
  }, true);

  function goToLine() {
    const area = document.querySelector("textarea[data-started]");
    const line = /^#L(\d+)$/.exec(location.hash);
    if (!area || !area.portalEditor || !line) { return; }
    area.portalEditor.gotoLine(Number(line[1]), 0, false);
    area.portalEditor.focus();
  }

  document.addEventListener("DOMContentLoaded", goToLine);
  window.addEventListener("hashchange", goToLine);
})();
