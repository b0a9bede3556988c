"""The demo's sites under control: inspected, mended, logged, feared for, decided, reported."""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from portal.demo.cast import ADMIN
from portal.demo.control_facts import CONTROLS, REPORTS, Asked, Control, Feared, Wrong
from portal.demo.sites import Site
from portal.demo.story import Life, Story
from portal.health.models import Alert
from portal.health.queries import alerts_of
from portal.health.services import begin_act, watch
from portal.projects import services as projects
from portal.records import services as records

Answer = tuple[str, dict[str, Any], str]  # form, what it says, who files it
Act = Callable[[Story, Site, Alert], Answer]
INSPECTOR = "t.becker"
WEEKS_WATCHED = 12
REPORTED_AGO = (14, 7)
BASELINE_AGO = 90
DAYS_LOGGED = 12
ANSWERED_AGO = 5
MONDAY_OFF = 6  # the weekday nobody works


def staff_control(story: Story, site: Site) -> None:
    """The head of quality and safety looks after every site."""
    for role in ("member", "quality_inspector", "safety_officer"):
        projects.add_member(
            actor=story.become(ADMIN.login),
            project_id=story.ids[f"project:{site.code}"],
            person_id=story.ids[f"person:{INSPECTOR}"],
            role=role,
            now=story.now,
        )


def plan_control(story: Story, site: Site) -> None:
    """Put the site's defects, hazards, inspections, risks, decision and logs on the agenda."""
    control = CONTROLS[site.code]
    for form, several in (("defect", control.defects), ("hazard", control.hazards)):
        for place, one in enumerate(several):
            name = f"{form} {site.code} {place}"
            story.begin(_wrong_life(story, site, form, one), _ago(story, one.found), name)
    for place, (work, where, ago) in enumerate(control.inspections):
        life = _inspection_life(story, site, control, (work, where))
        story.begin(life, _ago(story, ago), f"inspection {site.code} {place}")
    for place, feared in enumerate(control.risks):
        name = f"risk {site.code} {place}"
        story.begin(_risk_life(story, site, feared), _ago(story, feared.raised), name)
    decision = control.decision
    story.begin(
        _decision_life(story, site, decision), _ago(story, decision.ago), f"decision {site.code}"
    )
    for ago in range(DAYS_LOGGED, 0, -1):
        at = _ago(story, ago) + timedelta(hours=7)
        if at.weekday() != MONDAY_OFF:
            story.begin(_log_life(story, site, control, ago), at, f"log {site.code} {ago}")


def plan_baseline(story: Story, site: Site) -> None:
    """Put the day the plan of a site is frozen on the agenda."""
    at = _ago(story, BASELINE_AGO)
    story.begin(_baseline_life(story, site), at, f"baseline {site.code}")


def _baseline_life(story: Story, site: Site) -> Life:
    """The project engineer has the milestones frozen; manager and director agree."""
    data = {
        "title": "Contract programme 合同工期计划",
        "registers": ["milestone"],
        "as_of": story.today(site.zone),
        "reason": "Programme agreed with the owner. 经业主确认的总进度计划。",
    }
    record_id = story.file(site.staff["project_engineer"][0], "baseline", site.code, data).id
    while story.turn(record_id) is not None:
        yield story.later(6)
        story.approve(record_id)


def plan_reports(story: Story, site: Site) -> None:
    """Put the last two weekly reports on the agenda."""
    for ago in REPORTED_AGO:
        at = _ago(story, ago) + timedelta(hours=8)
        story.begin(_report_life(story, site), at, f"report {site.code} {ago}")


def _report_life(story: Story, site: Site) -> Life:
    """The project engineer writes the report, the project manager signs it."""
    today = date.fromisoformat(story.today(site.zone))
    said = REPORTS[site.code]
    data = {
        "title": f"Weekly report to {today} 项目周报",
        "from_on": (today - timedelta(days=7)).isoformat(),
        "to_on": today.isoformat(),
        "standing": said.standing,
        "summary": said.summary,
        "deviations": said.deviations,
        "next_week": said.next_week,
        "help_needed": said.help_needed,
    }
    writer = site.contract_engineer
    record_id = story.file(writer, "weekly_report", site.code, data).id
    yield story.later(5)
    story.approve(record_id, "Signed and sent. 同意签发。")


def plan_watching(story: Story) -> None:
    """Put the looks at all projects on the agenda, and the answer to one alert."""
    for week in range(WEEKS_WATCHED, 0, -1):
        at = _ago(story, 7 * week) + timedelta(hours=1)
        story.begin(_watch_life(story), at, f"watch {week}")
    story.begin(_watch_life(story), story.end - timedelta(minutes=1), "watch today")


def _ago(story: Story, days: int) -> datetime:
    day = story.end.date() - timedelta(days=days)
    return datetime.combine(day, time(1, (days * 11) % 60), UTC)


def _day(story: Story, ahead: int = 0) -> str:
    return (story.now.date() + timedelta(days=ahead)).isoformat()


def _wrong_life(story: Story, site: Site, form: str, one: Wrong) -> Life:
    """A defect or hazard: found, mended, looked at, closed; some come back once."""
    control = CONTROLS[site.code]
    finder, mender = site.engineer, control.checker
    data: dict[str, Any] = {
        "title": one.what,
        "place": one.place,
        "found_on": _day(story),
        "due_on": _day(story, one.allowed),
        "responsible": story.ids[f"person:{mender}"],
        "photos": [story.photo(finder, "photos", f"{form} {one.kind}")],
    }
    if form == "defect":
        data |= {"category": one.kind, "severity": one.grade}
    else:
        data |= {"kind": one.kind, "level": one.grade, "measure": "As the rules say. 按规范整改。"}
        if one.grade == "serious":
            data["work_stopped"] = True
    record_id = story.file(finder, form, site.code, data).id
    if one.mended is None:
        return
    yield story.now + timedelta(days=one.mended)
    _mend(story, record_id, mender, one)
    yield story.later(9)
    if one.again:
        story.send_back(record_id, "Still there. 复验仍未消除。", to="fix")
        yield story.later(20)
        _mend(story, record_id, mender, one)
    while story.turn(record_id) is not None:
        yield story.later(5)
        story.approve(record_id, "Looked at on site. 现场已复验。")


def _mend(story: Story, record_id: str, mender: str, one: Wrong) -> None:
    """Whoever is responsible mends it and shows it."""
    picture = story.photo(mender, "fix_photos", f"mended {one.kind}")
    found_on = story.look(record_id).data["found_on"]

    def fill(data: dict[str, Any]) -> None:
        data["fixed_on"] = max(_day(story), found_on)
        data["fix_note"] = "Done as asked. 已按要求整改。"
        data["fix_photos"] = [picture]
        if one.cause:
            data["cause"] = one.cause

    story.approve(record_id, login=mender, edit=fill)


def _inspection_life(story: Story, site: Site, control: Control, about: tuple[str, str]) -> Life:
    """Three signatures on a piece of work."""
    work, where = about
    items = [
        {"item": "Position 位置", "required_value": "± 10 mm", "measured": "4 mm", "passed": True},
        {"item": "Cover 保护层", "required_value": "≥ 50 mm", "measured": "54 mm", "passed": True},
    ]
    data = {
        "work": work,
        "place": where,
        "inspected_on": _day(story),
        "foreman": story.ids[f"person:{control.checker}"],
        "next_foreman": story.ids[f"person:{control.next_checker}"],
        "items": items,
        "wbs": story.ids[f"wbs:{site.code}:{site.wbs[0][0]}"],
    }
    record_id = story.file(site.engineer, "inspection", site.code, data).id
    while story.turn(record_id) is not None:
        yield story.later(6)
        story.approve(record_id)


def _risk_life(story: Story, site: Site, one: Feared) -> Life:
    """A risk is raised, gets a response, is reviewed, and some are closed."""
    owner = site.engineer
    data: dict[str, Any] = {
        "title": one.what,
        "category": one.about,
        "cause": one.cause,
        "raised_on": _day(story),
        "reviewed_on": _day(story),
        "owner": story.ids[f"person:{owner}"],
        "probability": f"{float(one.scores[0]):.2f}",
        "impact": f"{float(one.scores[1]):.2f}",
        "status": "open",
    }
    extra = {"cost_if": one.cost, "chance": one.chance, "response": one.response}
    extra |= {"plan": one.plan, "contingency_plan": one.instead}
    data |= {key: value for key, value in extra.items() if value}
    record_id = story.file(owner, "risk", site.code, data).id
    reviewed = max(story.now, _ago(story, one.reviewed))
    yield reviewed + timedelta(hours=3)
    after = dict(story.look(record_id).data) | {"reviewed_on": _day(story)}
    if one.after:
        probability, impact = (f"{float(each):.2f}" for each in one.after)
        after |= {"residual_probability": probability, "residual_impact": impact}
    if one.ended:
        after |= {"status": "closed", "closed_on": _day(story), "outcome": one.ended}
    story.send(record_id, after)


def _decision_life(story: Story, site: Site, one: Asked) -> Life:
    """The engineer asks, the project manager decides."""
    manager = site.staff["project_manager"][0]
    options = [{"option": name, "pros": pro, "cons": con} for name, pro, con in one.options]
    data = {
        "question": one.question,
        "context": one.context,
        "options": options,
        "chosen": one.options[one.chosen][0],
        "reason": one.reason,
        "decided_on": _day(story),
        "decider": story.ids[f"person:{manager}"],
    }
    record_id = story.file(site.engineer, "decision", site.code, data).id
    yield story.later(6)
    story.approve(record_id)


def _log_life(story: Story, site: Site, control: Control, ago: int) -> Life:
    """The site engineer writes the day down, the site manager signs."""
    rainy = ago % 5 == 0
    work = control.works[ago % len(control.works)]
    data = {
        "log_on": story.today(site.zone),
        "summary": work,
        "weather": "rain" if rainy else "clear" if ago % 3 else "cloudy",
        "work_stopped": False,
        "works": [{"what": work}],
        "crews": [
            {"trade": trade, "people": max(2, count - ago % 4 - (5 if rainy else 0))}
            for trade, count in control.crews
        ],
        "machines": [{"machine": name, "machines": count} for name, count in control.machines],
    }
    record_id = story.file(site.engineer, "daily_log", site.code, data).id
    if ago > 1:
        yield story.later(4)
        story.approve(record_id)


def _watch_life(story: Story) -> Life:
    """The portal looks at every project; alerts come and go."""
    story.become_nobody()
    watch(story.now)
    yield story.end


def plan_answer(story: Story, site: Site) -> None:
    """Put what answers alerts of the tunnel and of the harbor on the agenda."""
    for rule, act in ANSWERS.get(site.code, {}).items():
        life = _answer_life(story, site, rule, act)
        story.begin(life, _ago(story, ANSWERED_AGO), f"answer {site.code} {rule}")


def _answer_life(story: Story, site: Site, rule: str, act: Act) -> Life:
    """An alert is answered by a document begun from it, which is approved, or waits."""
    project = story.ids[f"project:{site.code}"]
    story.become_nobody()
    opened = [one.alert for one in alerts_of([project], is_open=True)]
    alert = next((one for one in opened if one.rule == rule), None)
    if alert is None:
        return
    form, data, login = act(story, site, alert)
    actor = story.become(login)
    record_id = begin_act(actor=actor, alert=alert, now=story.now)
    origin = records.Origin(form, project, data)
    record = records.start_draft(actor=actor, record_id=record_id, origin=origin, now=story.now)
    records.save_draft(actor=actor, record=record, data=data, now=story.now)
    yield story.later(1)
    story.send(record_id)
    if form == "change_request":
        yield story.later(6)
        story.approve(record_id, "As shown. 情况属实。")


def _new_date(story: Story, site: Site, alert: Alert) -> Answer:
    """A late milestone: a change request for the days that are lacking."""
    data = {
        "title": f"New date 顺延工期: {alert.row_label}",
        "reason": "site",
        "affected_scope": alert.row_label,
        "description": WHY_LATE[site.code],
        "scope": "budget_only",
        "lines": [
            {
                "cost_code": story.ids["code:05.01"],
                "description": "Site running 现场管理费",
                "qty": "10.000",
                "unit": "d 天",
                "unit_price": "4200.00",
            }
        ],
        "milestones": [{"milestone": alert.row, "days": 10}],
        "probability_before": 4,
        "impact_before": 3,
        "probability_after": 2,
        "impact_after": 3,
    }
    return "change_request", data, site.staff["project_manager"][0]


def _feared(story: Story, site: Site, alert: Alert) -> Answer:
    """A cost code over its budget: a risk, with what is done about it."""
    data = {
        "title": f"Concrete works cost more 混凝土工程超支: {alert.row_label}",
        "category": "cost",
        "cause": "Rework of joints and a second pass of formwork. 施工缝返工，模板二次安拆。",
        "raised_on": _day(story),
        "reviewed_on": _day(story),
        "owner": story.ids[f"person:{site.engineer}"],
        "probability": "3.50",
        "impact": "3.00",
        "status": "open",
        "cost_if": "420000.00",
        "chance": "50.00",
        "response": "reduce",
        "plan": "Joints checked before a pour; formwork reused. 浇筑前复核，模板周转。",
    }
    return "risk", data, site.engineer


def _asked_owner(story: Story, site: Site, alert: Alert) -> Answer:
    """Money that is overdue: the owner is asked, and has not answered yet."""
    data = {
        "question": "To the owner: when will the money that is overdue be paid? "
        "致业主：逾期工程款何时支付？",
        "context": "Certificate IPC-04 is paid by half. 第 4 期计量款仅支付一半。",
        "options": [
            {
                "option": "In full within ten days 十日内付清",
                "pros": "The piling goes on as planned 分包款可按期支付",
                "cons": "The owner needs its bank's release 须业主银行放款",
            },
            {
                "option": "In two parts, with interest 分两次付清并计息",
                "pros": "Interest by the contract 按合同计息",
                "cons": "We bridge it for a month 我方须垫资一个月",
            },
        ],
        "chosen": "In full within ten days 十日内付清",
        "reason": "As the contract says. 按合同约定。",
        "decided_on": _day(story),
        "decider": story.ids["person:ye.qing"],
    }
    return "decision", data, site.engineer


ANSWERS: Mapping[str, Mapping[str, Act]] = {
    "RV02": {"milestone_late": _new_date},
    "HB01": {
        "milestone_late": _new_date,
        "code_over": _feared,
        "receivable_overdue": _asked_owner,
    },
}
WHY_LATE = {
    "RV02": "The struts that were added take their time. 支撑加密所需工期。",
    "HB01": "The dredger came late and hauls sand from farther away. 挖泥船进场晚，取砂运距增加。",
}
