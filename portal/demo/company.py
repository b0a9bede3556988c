"""The demo company is founded: departments, people, roles, modules, projects and their staff."""

from datetime import timedelta

from portal import paths
from portal.accounts import services as accounts
from portal.db import db
from portal.definitions import services as definitions
from portal.demo.cast import ADMIN, COMPANY, CURRENCY, DEPARTMENTS, PEOPLE, ZONE, Role
from portal.demo.sites import Site
from portal.demo.story import Story
from portal.projects import services as projects


def found_company(story: Story, sites: tuple[Site, ...]) -> None:
    """Everything that must stand before anybody files anything."""
    admin = accounts.set_up_company(
        name=COMPANY,
        currency=CURRENCY,
        zone=ZONE,
        language="en",
        admin_login=ADMIN.login,
        admin_name=ADMIN.name,
        admin_password_hash=None,
        now=story.now,
        demo=True,
    )
    story.ids[f"person:{ADMIN.login}"] = admin.id
    db.session.flush()
    _departments(story)
    _publish(story)
    for site in sites:
        _project(story, site)
    for one in PEOPLE:
        _person(story, one)
    _heads(story)
    for site in sites:
        _staff(story, site)
    story.forget_roles()


def _departments(story: Story) -> None:
    actor = story.become(ADMIN.login)
    for code, name, parent, _head in DEPARTMENTS:
        made = accounts.create_department(
            actor=actor,
            code=code,
            name=name,
            parent_id=story.ids[f"department:{parent}"] if parent else None,
            now=story.now,
        )
        story.ids[f"department:{code}"] = made.id
    accounts.edit_person(
        actor=actor,
        person_id=actor.person_id,
        now=story.now,
        title=ADMIN.title,
        department_id=story.ids[f"department:{ADMIN.department}"],
    )


def _publish(story: Story) -> None:
    folders = sorted(
        file.parent for file in paths.DEFINITIONS.glob("*/module.json") if file.is_file()
    )
    actor = story.become(ADMIN.login)
    definitions.publish_folders(paths=folders, actor=actor, now=story.now)


def _project(story: Story, site: Site) -> None:
    today = story.end.date()
    made = projects.create_project(
        actor=story.become(ADMIN.login),
        code=site.code,
        name=site.name,
        currency=site.currency,
        zone=site.zone,
        department_id=story.ids["department:ENG"],
        starts_on=today - timedelta(days=site.began),
        ends_on=today + timedelta(days=site.ends_in),
        now=story.now,
    )
    story.ids[f"project:{site.code}"] = made.id


def _person(story: Story, one: Role) -> None:
    actor = story.become(ADMIN.login)
    department = story.ids[f"department:{one.department}"] if one.department else None
    project = story.ids[f"project:{one.external_in}"] if one.external_in else None
    made = accounts.create_person(
        actor=actor,
        login=one.login,
        name=one.name,
        title=one.title,
        email=f"{one.login}@harbor.example",
        department_id=department,
        language=one.language,
        external=bool(one.external_in),
        project_id=project,
        now=story.now,
    )
    story.ids[f"person:{one.login}"] = made.id
    for role in one.roles:
        accounts.grant_role(
            actor=actor, person_id=made.id, kind="company", role=role, now=story.now
        )


def _heads(story: Story) -> None:
    actor = story.become(ADMIN.login)
    for code, name, parent, head in DEPARTMENTS:
        accounts.edit_department(
            actor=actor,
            department_id=story.ids[f"department:{code}"],
            code=code,
            name=name,
            parent_id=story.ids[f"department:{parent}"] if parent else None,
            head_id=story.ids[f"person:{head}"],
            now=story.now,
        )


def _staff(story: Story, site: Site) -> None:
    actor = story.become(ADMIN.login)
    for role, logins in site.staff.items():
        for login in logins:
            for held in dict.fromkeys((role, "member")):
                if held == "member" and login in {"ye.qing", "shi.lei"}:
                    continue
                projects.add_member(
                    actor=actor,
                    project_id=story.ids[f"project:{site.code}"],
                    person_id=story.ids[f"person:{login}"],
                    role=held,
                    now=story.now,
                )
