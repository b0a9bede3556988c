// Runs before the first paint: the theme chosen (cookie, or the server's word) or, for "auto", the device's.
(function () {
  "use strict";
  var root = document.documentElement;
  var dark = window.matchMedia("(prefers-color-scheme: dark)");

  function choice() {
    var found = document.cookie.match(/(?:^|; )theme=(auto|light|dark)/);
    return found ? found[1] : root.dataset.themeChoice || "auto";
  }

  function show() {
    var chosen = choice();
    root.dataset.bsTheme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
  }

  root.classList.add("js");
  show();
  dark.addEventListener("change", show);
  window.addEventListener("pageshow", function (event) { if (event.persisted) { show(); } });
  window.portalTheme = show;
})();
