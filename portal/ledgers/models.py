"""Tables of the ledgers: postings and four typed kinds of entries. Rows are only ever added.

Beside them stands how often each project was posted in.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    String,
    UniqueConstraint,
    false,
    func,
    or_,
    true,
    type_coerce,
)
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from portal.db import Base, Decimal4, Scoped
from portal.definitions.posting_columns import (
    BUCKETS,
    DIRECTIONS,
    LABOR_KINDS,
    OF_A_CONTRACT,
    PAY_CLASSES,
    READINGS,
    STAGES,
)
from portal.ids import new_id
from portal.web.viewer import Viewer


def _listed(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{value}'" for value in values)


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({_listed(values)})", name=column)


class OfProject(Scoped):
    """Rows of a project's ledgers: its members inside the company see them, and auditors."""

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"))

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        if viewer.is_external:
            return false()
        if viewer.is_auditor:
            return true()
        return or_(false(), cls.project_id.in_(sorted(viewer.projects)))


class Posting(Base, OfProject):
    """What one rule posted for one change of a record's state; reversed at most once."""

    __tablename__ = "posting"
    __table_args__ = (
        UniqueConstraint("record_id", "transition_seq", "rule"),
        UniqueConstraint("reverses_id"),
        # without its id: SQLite would look a joined posting up in each visible project
        Index("ix_posting_of_project", "project_id"),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    transition_seq: Mapped[int]
    rule: Mapped[str] = mapped_column(String(60))
    state: Mapped[str] = mapped_column(String(24))
    effective_on: Mapped[date]
    posted_at: Mapped[datetime]
    reverses_id: Mapped[str | None] = mapped_column(ForeignKey("posting.id"))


class Posted(Base, OfProject):
    """How often anything was posted in a project; counted up with the commit."""

    __tablename__ = "posted"

    project_id: Mapped[str] = mapped_column(ForeignKey("project.id"), primary_key=True)
    times: Mapped[int]


class Entry(OfProject):
    """What every kind of entry has: its posting and its record.

    It counts from `effective_on`; in months from `booked_on`, which is never a closed day.
    """

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    posting_id: Mapped[str] = mapped_column(ForeignKey("posting.id"), index=True)
    record_id: Mapped[str] = mapped_column(ForeignKey("record.id"), index=True)
    row: Mapped[str] = mapped_column(String(36), default="")
    effective_on: Mapped[date]
    booked_on: Mapped[date]


class CostEntry(Base, Entry):
    """Cost, excluding tax, in one bucket of one cost code; a budget may name the days it is
    spread over.
    """

    __tablename__ = "cost_entry"

    bucket: Mapped[str] = mapped_column(String(20))
    cost_code_id: Mapped[str] = mapped_column(ForeignKey("record.id"))
    wbs_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    party_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    contract_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    request_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    contract_line: Mapped[str | None] = mapped_column(String(60))
    qty: Mapped[Decimal | None]
    unit: Mapped[str | None] = mapped_column(String(20))
    amount: Mapped[Decimal]
    ccy: Mapped[str] = mapped_column(String(3))
    spread_from: Mapped[date | None]
    spread_until: Mapped[date | None]

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            _one_of("bucket", BUCKETS),
            Index("ix_cost_entry_sheet", "project_id", "cost_code_id", "bucket"),
        )


class FundsEntry(Base, Entry):
    """Money at one stage: planned, claimed, certified, held back, paid, moved between accounts.

    `settles_id` is the document this money is for; `category` is a key of the funds plan.
    """

    __tablename__ = "funds_entry"

    stage: Mapped[str] = mapped_column(String(20))
    direction: Mapped[str] = mapped_column(String(3))
    contract_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    party_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    worker_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    account_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    category: Mapped[str | None] = mapped_column(String(40))
    settles_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    amount: Mapped[Decimal]
    tax: Mapped[Decimal | None]
    ccy: Mapped[str] = mapped_column(String(3))
    due_on: Mapped[date | None]

    @hybrid_property
    def net(self) -> Decimal:
        """The amount without its tax; all of it where no tax is told."""
        return self.amount - (self.tax or 0)

    @net.inplace.expression
    @classmethod
    def _net(cls) -> ColumnElement[Decimal]:
        return type_coerce(cls.amount - func.coalesce(cls.tax, 0), Decimal4())

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            _one_of("stage", STAGES),
            _one_of("direction", DIRECTIONS),
            CheckConstraint(
                f"contract_id IS NOT NULL OR stage NOT IN ({_listed(OF_A_CONTRACT)})",
                name="contract",
            ),
            Index("ix_funds_entry_contract", "project_id", "contract_id", "stage"),
        )


class LaborEntry(Base, Entry):
    """Work of one worker on one day, signed or still unsigned; or what was accrued for it.

    `booked` entries carry the hours worked, the days or the quantity that is paid, and what the
    ticket itself estimates; `accrued` ones, posted by a run, carry none of these but the amount
    that is owed, and name the ticket they price. `unit` is what one `rate` is paid for: an hour
    (h), a day (d), a month, or what work is counted in.
    """

    __tablename__ = "labor_entry"

    worker_id: Mapped[str] = mapped_column(ForeignKey("record.id"))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    cost_code_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    work_date: Mapped[date]
    pay_class: Mapped[str] = mapped_column(String(12))
    hours: Mapped[Decimal]
    days: Mapped[Decimal] = mapped_column(default=Decimal(0), server_default="0")
    qty: Mapped[Decimal] = mapped_column(default=Decimal(0), server_default="0")
    unit: Mapped[str] = mapped_column(String(20), default="h", server_default="h")
    rate: Mapped[Decimal]
    amount: Mapped[Decimal]
    ccy: Mapped[str] = mapped_column(String(3))
    signed: Mapped[bool]
    kind: Mapped[str] = mapped_column(String(8), default="booked", server_default="booked")
    billable: Mapped[bool] = mapped_column(default=False, server_default=false())
    wbs_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    prices_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"), index=True)

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            _one_of("pay_class", PAY_CLASSES),
            _one_of("kind", LABOR_KINDS),
            Index("ix_labor_entry_day", "project_id", "work_date", "worker_id"),
        )


class ProgressEntry(Base, Entry):
    """A reading of a milestone or a task as of a date; readings are replaced, never summed.

    `shift` readings are the days an approved change moved the milestone by, and do add up.
    `progress` readings belong to a task: `percent` and `qty` are done to date, `remaining` are
    working days of its calendar still to come.
    """

    __tablename__ = "progress_entry"

    milestone_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    task_id: Mapped[str | None] = mapped_column(ForeignKey("record.id"))
    reading: Mapped[str] = mapped_column(String(10))
    as_of: Mapped[date]
    on_date: Mapped[date | None]
    days: Mapped[int | None]
    percent: Mapped[Decimal | None]
    qty: Mapped[Decimal | None]
    remaining: Mapped[Decimal | None]
    started_on: Mapped[date | None]
    finished_on: Mapped[date | None]

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        return (
            _one_of("reading", READINGS),
            CheckConstraint(
                "CASE WHEN reading = 'progress' THEN task_id ELSE milestone_id END IS NOT NULL",
                name="subject",
            ),
            Index("ix_progress_entry_milestone", "project_id", "milestone_id", "reading"),
            Index("ix_progress_entry_task", "project_id", "task_id", "as_of"),
        )


class Snapshot(Base, OfProject):
    """Figures as they stood once, with the columns and the tree they had; never changed."""

    __tablename__ = "snapshot"
    __table_args__ = (Index("ix_snapshot_of", "project_id", "kind", "taken_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(80))
    body: Mapped[dict[str, Any]]
    sha256: Mapped[str] = mapped_column(String(64))
    taken_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    taken_at: Mapped[datetime]


LEDGERS: dict[str, type[CostEntry | FundsEntry | LaborEntry | ProgressEntry]] = {
    "cost_entry": CostEntry,
    "funds_entry": FundsEntry,
    "labor_entry": LaborEntry,
    "progress_entry": ProgressEntry,
}
