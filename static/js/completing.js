// What can be written at the cursor of the editor (Ctrl Space), what the member there means, and the page
// of the field or step it belongs to (Ctrl Enter). The server reads the text as it stands, however broken:
// <p data-complete="ADDRESS" data-editor-id="ID OF TEXTAREA"><code>path</code> <span>meaning</span> <a>page</a></p>
(function () {
  "use strict";

  const PAUSE = 350;

  function starting(line, editor, area) {
    const [path, about, link] = line.children;
    let running = null;
    let timer = 0;

    async function ask(position) {
      const token = document.querySelector("input[name=csrf_token]");
      if (!token) { return null; }
      if (running) { running.abort(); }
      running = new AbortController();
      const body = new FormData();
      body.append("csrf_token", token.value);
      body.append("text", editor.getValue());
      body.append("row", position.row);
      body.append("column", position.column);
      try {
        const answer = await fetch(line.dataset.complete, { method: "POST", body, signal: running.signal, headers: { Accept: "application/json" } });
        return answer.ok ? await answer.json() : null;
      } catch (error) {
        return null;
      }
    }

    function tell(found) {
      if (!found) { return; }
      path.textContent = found.path;
      about.textContent = found.about;
      link.hidden = !found.page;
      if (found.page) {
        link.href = found.page.url;
        link.textContent = found.page.label;
      } else {
        link.removeAttribute("href");
      }
    }

    function follow() {
      clearTimeout(timer);
      timer = setTimeout(async () => tell(await ask(editor.getCursorPosition())), PAUSE);
    }

    const completer = {
      id: "portal",
      identifierRegexps: [/[A-Za-z0-9_$.:[\]-]/],
      async getCompletions(_editor, _session, position, _prefix, done) {
        const found = await ask(position);
        tell(found);
        done(null, found ? found.offers.map((one, number) => ({
          caption: one.shown, value: one.shown, meta: one.about.slice(0, 40), docText: one.about.length > 40 ? one.about : undefined,
          score: found.offers.length - number, completer, offer: one, range: found.range, asked: position,
        })) : []);
      },
      // The whole word or text is replaced; what was typed since it was asked has moved its end.
      insertMatch(_editor, data) {
        const { Range } = window.ace.require("ace/range");
        const moved = editor.getCursorPosition().column - data.asked.column;
        const range = new Range(data.range.row, data.range.column, data.range.last_row, data.range.last_column + moved);
        editor.session.replace(range, data.offer.text);
        editor.moveCursorTo(data.range.row, data.range.column + data.offer.caret);
        editor.clearSelection();
        if (data.offer.sort === "member") { setTimeout(() => editor.execCommand("startAutocomplete"), 0); }
      },
    };

    window.ace.config.setMessages({
      "autocomplete.popup.aria-roledescription": line.dataset.offers, "autocomplete.popup.aria-label": line.dataset.offers,
      "autocomplete.loading": line.dataset.loading,
    });
    editor.completers = [completer];
    editor.setOptions({ enableBasicAutocompletion: !area.readOnly });
    editor.commands.addCommand({
      name: "openPage", bindKey: { win: "Ctrl-Enter", mac: "Command-Enter" }, readOnly: true,
      exec: async () => {
        tell(await ask(editor.getCursorPosition()));
        if (link.href) { link.click(); }
      },
    });
    editor.selection.on("changeCursor", follow);
    follow();
  }

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("[data-complete]").forEach((line) => {
      const area = document.getElementById(line.dataset.editorId);
      if (area && area.portalEditor) { starting(line, area.portalEditor, area); }
    });
  });
})();
