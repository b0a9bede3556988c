"""What people of the demo do, each act through the services that real use takes."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select

from portal.accounts import services as accounts
from portal.approvals import services as approvals
from portal.approvals.models import Task
from portal.db import db, unscoped
from portal.definitions import queries as definitions
from portal.demo.cast import ADMIN
from portal.demo.photos import site_photo
from portal.demo.stage import Life, Stage
from portal.forms.evaluation import new_record
from portal.ids import new_id
from portal.records import attachments, comments, facts
from portal.records import services as records
from portal.records.models import Record
from portal.web.viewer import Viewer

__all__ = ["Life", "Story"]
WHY = "the demo looks for whose turn it is"


class Story(Stage):
    """The acts: draft, send, approve, reject, send back, hand over, withdraw, remark, leave."""

    def draft(self, login: str, form: str, project: str | None, data: Mapping[str, Any]) -> Record:
        """A draft, opened with its defaults and saved once as the page saves it."""
        actor = self.become(login)
        project_id = self.ids[f"project:{project}"] if project else None
        record_id = new_id()
        typed = self._opened(form, record_id, project_id, actor, data)
        origin = records.Origin(form, project_id, typed)
        record = records.start_draft(actor=actor, record_id=record_id, origin=origin, now=self.now)
        db.session.flush()
        records.save_draft(actor=actor, record=record, data=typed, now=self.now)
        return record

    def _opened(
        self,
        form: str,
        record_id: str,
        project_id: str | None,
        actor: Viewer,
        data: Mapping[str, Any],
    ) -> dict[str, Any]:
        """What the page shows once it is opened and filled in: defaults, prefilled fields."""
        known = definitions.current_form(form)
        assert known is not None, form
        subject = facts.Subject(record_id, project_id, actor.person_id, "draft")
        found = facts.gather(known.form.definition, data, subject, self.now)
        return new_record(known.form, found, data)

    def file(self, login: str, form: str, project: str | None, data: Mapping[str, Any]) -> Record:
        """A draft that is sent at once."""
        record = self.draft(login, form, project, data)
        return self.send(record.id)

    def send(
        self, record_id: str, data: Mapping[str, Any] | None = None, comment: str = ""
    ) -> Record:
        """The requester sends a draft or a returned record."""
        record = self.look(record_id)
        actor = self.become(self.login_of(record.requester_id))
        return approvals.submit(
            actor=actor,
            record_id=record_id,
            seen_revision=record.revision,
            data=data,
            comment=comment,
            now=self.now,
        )

    def look(self, record_id: str) -> Record:
        """A record as it is now, whoever may see it."""
        statement = select(Record).where(Record.id == record_id)
        return db.session.scalars(unscoped(statement, WHY)).one()

    def turn(self, record_id: str, login: str = "") -> Task | None:
        """A seat that waits on a record: of this person, or any of those asked."""
        statement = select(Task).where(Task.record_id == record_id, Task.state == "open")
        if login:
            statement = statement.where(Task.person_id == self.ids[f"person:{login}"])
        statement = statement.order_by(Task.opened_at, Task.id)
        seats = db.session.scalars(unscoped(statement, WHY)).all()
        return self.chance.choice(seats) if seats else None

    def approve(
        self,
        record_id: str,
        comment: str = "",
        login: str = "",
        edit: Callable[[dict[str, Any]], None] | None = None,
    ) -> bool:
        """Whoever's turn it is approves, perhaps changing what the step may change.

        False when nobody is asked.
        """
        found = self._seat(record_id, login)
        if found is None:
            return False
        actor, task, seen = found
        data = None
        if edit is not None:
            data = dict(self.look(record_id).data)
            edit(data)
        approvals.approve(
            actor=actor, task_id=task, seen=seen, comment=comment, data=data, now=self.now
        )
        return True

    def reject(self, record_id: str, comment: str) -> bool:
        """Whoever's turn it is rejects."""
        found = self._seat(record_id)
        if found is None:
            return False
        actor, task, seen = found
        approvals.reject(actor=actor, task_id=task, seen=seen, comment=comment, now=self.now)
        return True

    def send_back(self, record_id: str, comment: str, to: str = "start") -> bool:
        """Whoever's turn it is returns the record to its requester."""
        found = self._seat(record_id)
        if found is None:
            return False
        actor, task, seen = found
        approvals.send_back(
            actor=actor, task_id=task, seen=seen, to=to, comment=comment, now=self.now
        )
        return True

    def transfer(self, record_id: str, to: str, comment: str) -> bool:
        """Whoever's turn it is gives the seat to somebody else."""
        found = self._seat(record_id)
        if found is None:
            return False
        actor, task, seen = found
        approvals.transfer(
            actor=actor,
            task_id=task,
            seen=seen,
            to=self.ids[f"person:{to}"],
            comment=comment,
            now=self.now,
        )
        return True

    def withdraw(self, record_id: str, comment: str) -> None:
        """The requester takes the record back."""
        actor = self.become(self.login_of(self.look(record_id).requester_id))
        approvals.withdraw(actor=actor, record_id=record_id, comment=comment, now=self.now)

    def remark(self, login: str, record_id: str, text: str) -> None:
        """Somebody writes a comment."""
        actor = self.become(login)
        record = records.get(record_id)
        comments.add_comment(actor=actor, record=record, text=text, now=self.now)

    def upload(self, login: str, field_path: str, name: str, content: bytes) -> str:
        """Somebody uploads a file for a field; returns its id."""
        actor = self.become(login)
        row = attachments.store(
            actor=actor, name=name, content=content, accept=(), field=field_path, now=self.now
        )
        return row.id

    def photo(self, login: str, field_path: str, key: str) -> str:
        """Somebody uploads a photo of the site; returns its id."""
        name = f"IMG_{self.now:%Y%m%d_%H%M}.jpg"
        return self.upload(login, field_path, name, site_photo(key))

    def leave(self, login: str) -> None:
        """The administrator lets somebody leave; what waited for them waits for an operator."""
        actor = self.become(ADMIN.login)
        leaver = self.ids[f"person:{login}"]
        accounts.deactivate_person(actor=actor, person_id=leaver, now=self.now)
        approvals.vacate(actor=actor, leaver=leaver, now=self.now)

    def promote(self, login: str, role: str) -> None:
        """The administrator gives somebody a company role."""
        accounts.grant_role(
            actor=self.become(ADMIN.login),
            person_id=self.ids[f"person:{login}"],
            kind="company",
            role=role,
            now=self.now,
        )
        self.forget_roles()

    def _seat(self, record_id: str, login: str = "") -> tuple[Viewer, str, approvals.Seen] | None:
        task = self.turn(record_id, login)
        if task is None:
            return None
        revision = self.look(record_id).revision
        task_id, seen = task.id, approvals.Seen(task.epoch, revision)
        return self.become(self.login_of(task.person_id)), task_id, seen
