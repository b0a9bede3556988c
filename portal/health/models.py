"""Tables of alerts: what a rule raised, what happened with it, what was filed because of it."""

from datetime import datetime
from decimal import Decimal

from sqlalchemy import ColumnElement, ForeignKey, Index, String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, Scoped
from portal.ids import new_id
from portal.ledgers.models import OfProject
from portal.web.viewer import Viewer


class Alert(Base, OfProject):
    """A figure beyond a threshold: of a project, in one currency or of one row.

    `value` is the latest one; `closed_at` is set when the figure came back. At most one is open for
    the same rule, row and currency of a project.
    """

    __tablename__ = "alert"
    __table_args__ = (Index("ix_alert_open", "project_id", "closed_at"),)

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    rule: Mapped[str] = mapped_column(String(41))
    figure: Mapped[str] = mapped_column(String(90))
    row: Mapped[str] = mapped_column(String(36), default="")
    row_label: Mapped[str] = mapped_column(String(300), default="")
    currency: Mapped[str] = mapped_column(String(3), default="")
    level: Mapped[str] = mapped_column(String(8))
    value: Mapped[Decimal]
    raised_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


_open = Alert.closed_at.is_(None)
Index(
    "uq_alert_open",
    Alert.project_id,
    Alert.rule,
    Alert.row,
    Alert.currency,
    unique=True,
    sqlite_where=_open,
    postgresql_where=_open,
)


class _OfAlert(Scoped):
    """What hangs on an alert: seen by whoever sees the alert."""

    alert_id: Mapped[str] = mapped_column(ForeignKey("alert.id"), index=True)

    @classmethod
    def visible_to(cls, viewer: Viewer) -> ColumnElement[bool]:
        return cls.alert_id.in_(select(Alert.id).where(Alert.visible_to(viewer)))


class AlertEvent(Base, _OfAlert):
    """One thing that happened with an alert: raised, worse, better, closed."""

    __tablename__ = "alert_event"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(10))
    level: Mapped[str] = mapped_column(String(8))
    value: Mapped[Decimal | None]
    at: Mapped[datetime]


class AlertAct(Base, _OfAlert):
    """A form somebody began from an alert; the record is there as soon as it is saved."""

    __tablename__ = "alert_act"

    id: Mapped[str] = mapped_column(String(36), primary_key=True, default=new_id)
    record_id: Mapped[str] = mapped_column(String(36), index=True)
    begun_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
