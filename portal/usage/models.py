"""The table of usage."""

from datetime import date

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class FormDay(Base):
    """What happened on the pages of one form on one day; times are milliseconds of the server."""

    __tablename__ = "form_day"

    form: Mapped[str] = mapped_column(String(41), primary_key=True)
    release_id: Mapped[str] = mapped_column(String(36), primary_key=True)
    act: Mapped[str] = mapped_column(String(12), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    times: Mapped[int] = mapped_column(default=0)
    refused: Mapped[int] = mapped_column(default=0)
    total_ms: Mapped[int] = mapped_column(default=0)
    most_ms: Mapped[int] = mapped_column(default=0)
