"""The limit inside the portal's shell: the fixed application unchanged, with the same frame.

The frame is cut from a page the portal served (LIMIT_SHELL names the file) and made in the limit's
own manner: what differs between people comes by raw SQL, what repeats is a loop of plain Jinja.
Serve with `gunicorn -w 2 limit_shell:app` from this folder.
"""

import os
import re
from pathlib import Path
from typing import Any

import limit_app
from flask import g, request, session
from limit_app import app, conn, q

LINK = re.compile(
    r'<li><a class="side-link" href="([^"]*)"[^>]*>.*?sprite\.svg#([^"]*)".*?'
    r"<span>([^<]*)</span>.*?</a></li>"
)
LIST = re.compile(r'(<ul class="side-list"[^>]*>)(.*?)(</ul>)', re.S)
LOOP = (
    "{%% for url, icon, label in lists[%d] %%}"
    '<li><a class="side-link" href="{{ url }}"{%% if url == here %%} aria-current="page"'
    '{%% endif %%}><svg class="icon" aria-hidden="true"><use href="{{ sprite }}#{{ icon }}">'
    "</use></svg><span>{{ label }}</span>{%% if icon == 'inbox' and waiting %%}"
    '<span class="count">{{ waiting }}</span>{%% endif %%}</a></li>{%% endfor %%}'
)
SPRITE = re.compile(r'"(/static/vendor/[^"]*sprite\.svg)#')


def frame(page: str) -> tuple[str, list[list[tuple[str, str, str]]], str]:
    """The page as a template around `main`, the links of its lists, the address of its icons."""
    lists: list[list[tuple[str, str, str]]] = []

    def looped(found: re.Match[str]) -> str:
        lists.append([LINK.match(one[0]).groups() for one in LINK.finditer(found[2])])  # type: ignore[misc, union-attr]
        return found[1] + LOOP % (len(lists) - 1) + found[3]

    before, rest = page.split("<main", 1)
    opening, rest = rest.split(">", 1)
    after = rest.split("</main>", 1)[1]
    sprite = SPRITE.search(before)
    template = f"{before}<main{opening}>{{% block main %}}{{% endblock %}}</main>{after}"
    template = LIST.sub(looped, template)
    template = re.sub(r'(name="csrf_token" value=")[^"]*', r"\1{{ csrf }}", template)
    template = re.sub(r'("X-CSRFToken": ")[^"]*', r"\1{{ csrf }}", template)
    template = re.sub(r'(name="next" value=")[^"]*', r"\1{{ here }}", template)
    template = SPRITE.sub('"{{ sprite }}#', template)
    return template, lists, sprite[1] if sprite else ""


def prepare(lists: list[list[tuple[str, str, str]]]) -> None:
    """The places of each person as rows, as the portal keeps its modules and memberships."""
    c = conn()
    c.execute("create table if not exists place(user_id integer, list integer, url text, "
              "icon text, label text)")  # fmt: skip
    c.execute("create index if not exists place_user on place(user_id)")
    c.execute("create index if not exists event_actor on event(actor)")
    if not c.execute("select count(*) from place").fetchone()[0]:
        rows = [
            (user, number, *link)
            for user in range(1, 60)
            for number, links in enumerate(lists)
            for link in links
        ]
        c.cursor().executemany(q("insert into place values (?,?,?,?,?)"), rows)
    if limit_app.PG:
        c.commit()


template, lists, sprite = frame(Path(os.environ["LIMIT_SHELL"]).read_text("utf-8"))
app.jinja_loader.mapping["layout.html"] = template  # type: ignore[union-attr]
if os.environ.get("LIMIT_PREPARE") == "1":
    prepare(lists)

COUNTS = q(
    "select (select count(*) from (select 1 from task where assignee=? and state='open' limit 100)"
    " x), (select count(*) from (select 1 from event where actor=? limit 100) y)"
)


@app.context_processor
def around() -> dict[str, Any]:
    """What the frame shows, read anew for every page."""
    found: list[list[tuple[str, str, str]]] = [[] for _ in lists]
    c = conn()
    places = c.execute(q("select list,url,icon,label from place where user_id=?"), (g.uid,))
    for number, *link in places.fetchall():
        found[number].append(tuple(link))
    waiting, unread = c.execute(COUNTS, (g.uid, g.uid)).fetchone()
    return {
        "lists": found,
        "waiting": waiting,
        "unread": unread,
        "sprite": sprite,
        "here": request.path,
        "csrf": session["csrf"],
    }
