"""The author's figures: an act on a large form, all checks, a replay of real records."""

import json
import time

from bench.browsers import Portal
from bench.inside import FIELDS, median_ms
from bench.lines import many_fields
from portal import clock, paths
from portal.accounts import services as accounts
from portal.accounts.sessions import viewer_of
from portal.builder.checks import Judged, judge
from portal.builder.replaying import replay_draft
from portal.db import db, system_context, write_transaction
from portal.definitions import queries, services
from portal.definitions.folders import module_folders, read_folder
from portal.definitions.formatting import format_source

MODULE = "many"
RECORDS = 1_000
_WHY = "bench: an author at work"


def act_ms(portal: Portal) -> float:
    """The server's time to move a field of a form of 200 fields, the page after it included."""
    author = portal.cast["buyers"][1]
    with portal.app.app_context(), system_context(_WHY), write_transaction():
        _draft(author)
    client = portal.app.test_client(use_cookies=False)
    headers = {"Cookie": portal.cookie(author), "X-CSRFToken": portal.token}
    page = f"/modules/{MODULE}/draft/{MODULE}.form.json/design"
    ways = ["down", "up"]

    def act() -> None:
        ways.reverse()
        answer = client.post(f"{page}/fields/field7/{ways[0]}", headers=headers)
        assert answer.status_code == 303, answer.status_code

    return median_ms(act)


def _draft(author: str) -> None:
    now = clock.now()
    accounts.grant_role(actor=None, person_id=author, kind="system", role="author", now=now)
    if queries.draft_of(MODULE) is not None:
        return
    viewer = viewer_of(author)
    draft = services.new_module(key=MODULE, title="Many", actor=viewer, now=now)
    services.save_draft_file(
        release_id=draft.id,
        name=f"{MODULE}.form.json",
        text=format_source({"$schema": "../schema/form-1.json", **many_fields(FIELDS, 0)}),
        seen_revision=draft.revision,
        actor=viewer,
        now=now,
    )


def checks_s(portal: Portal) -> float:
    """All checks of the largest shipped module, its example cases and dependents included."""
    shipped = [(one.name, read_folder(one)) for one in module_folders(paths.DEFINITIONS)]
    name, files = max(shipped, key=lambda pair: sum(map(len, pair[1].values())))
    with portal.app.app_context(), system_context(_WHY):
        return median_ms(lambda: judge(name, files), times=5) / 1000


def replay_s(portal: Portal) -> float:
    """The last 1,000 purchases through a chain with one more step."""
    with portal.app.app_context(), system_context(_WHY):
        judged = _longer()
        begun = time.perf_counter()
        done = replay_draft(judged, clock.now(), most=RECORDS)
        taken = time.perf_counter() - begun
        db.session.rollback()
    assert len(done.elsewhere) == done.looked == RECORDS, (done.looked, done.failed[:3])
    return taken


def _longer() -> Judged:
    form = queries.current_form("purchase")
    assert form is not None
    files = dict(queries.files_of(form.release_id))
    name = "purchase.workflow.json"
    chain = json.loads(files[name])
    chain["blocks"].append({**chain["blocks"][0], "step": "another_look"})
    files[name] = json.dumps(chain)
    judged = judge(form.module, files, run_cases=False)
    assert judged.report.ok, judged.report.errors[:2]
    return judged
