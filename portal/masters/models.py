"""Two entries that look alike and are not the same."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class ToldApart(Base):
    """Somebody said that two entries are different; `first_id` is the smaller id."""

    __tablename__ = "told_apart"
    __table_args__ = (CheckConstraint("first_id < second_id", name="order"),)

    first_id: Mapped[str] = mapped_column(String(36), ForeignKey("record.id"), primary_key=True)
    second_id: Mapped[str] = mapped_column(
        String(36), ForeignKey("record.id"), primary_key=True, index=True
    )
    actor_id: Mapped[str] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
