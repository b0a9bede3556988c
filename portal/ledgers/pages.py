"""What the pages of all centers share: their project, and figures that lead to their entries."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask import current_app, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from portal.db import db
from portal.errors import N_, NotFound
from portal.ledgers.columns import ENTRIES, Column, Unit
from portal.projects.models import Project
from portal.projects.routes.frame import frame
from portal.web import downloads
from portal.web.viewer import ProjectBrief, current_viewer

NO_FIGURE = N_("There is no such figure.")


@dataclass(frozen=True, slots=True)
class Way:
    """The way to the entries behind a figure; its address is made when a page shows it.

    `choice` names the row: cost_code=..., contract=..., ccy=...; None means an empty dimension.
    """

    project: str
    center: str
    column: str
    choice: Mapping[str, Any]
    page: str = ENTRIES

    @property
    def url(self) -> str:
        chosen: dict[str, Any] = {
            key: "none" if value is None else value for key, value in self.choice.items()
        }
        if self.page == ENTRIES:
            chosen["ledger"] = self.center
        return url_for(self.page, code=self.project, column=self.column, **chosen)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number on a page, and the way to the entries it is made of.

    One that is not defined has no value: a share of nothing. Of one that is private the value is
    not told, as it would tell wages; that one is not defined either.
    """

    value: Decimal
    column: Column
    currency: str
    way: Way
    is_defined: bool = True
    is_private: bool = False

    @property
    def url(self) -> str:
        return self.way.url

    @property
    def unit(self) -> Unit:
        return self.column.unit

    @property
    def label(self) -> Any:
        return self.column.label

    @property
    def meaning(self) -> Any:
        return self.column.meaning

    @property
    def is_alarming(self) -> bool:
        """Below zero where that means trouble."""
        return self.column.warns and self.is_defined and self.value < 0


@dataclass(frozen=True, slots=True)
class Center:
    """A center of a project as its pages and links name it."""

    key: str
    project: ProjectBrief

    def figure(self, column: Column, values: Mapping[str, Decimal], **choice: Any) -> Figure:
        """The figure of a column; `choice` names the row."""
        return Figure(
            values.get(column.key, Decimal(0)),
            column,
            str(choice.get("ccy", "")) if column.unit == "money" else "",
            Way(self.project.code, self.key, column.key, choice, column.page),
        )

    def figures(
        self, columns: Iterable[Column], values: Mapping[str, Decimal], **choice: Any
    ) -> dict[str, Figure]:
        """The figures of a row by column key."""
        return {one.key: self.figure(one, values, **choice) for one in columns}

    def way(self, column: str, **choice: Any) -> Way:
        """The way to the entries of a column."""
        return Way(self.project.code, self.key, column, choice)


def asked_month(name: str = "month") -> date | None:
    """The first day of the month an address names. Raises NotFound for what is no month."""
    text = request.args.get(name)
    if text is None:
        return None
    try:
        return date.fromisoformat(f"{text}-01")
    except ValueError:
        raise NotFound(NO_FIGURE) from None


def record_url(record_id: str) -> str:
    """The page of a record, where its decisions stand; empty when the viewer may not open it."""
    if not record_id or "records.detail" not in current_app.view_functions:
        return ""
    return url_for("records.detail", record_id=record_id)


def start_url() -> str:
    """The page where forms are started; empty while there is none."""
    return url_for("home.start") if "home.start" in current_app.view_functions else ""


def project_for_figures(code: str) -> ProjectBrief:
    """A project whose figures the viewer may see. Raises NotFound for everybody else.

    External people see the records that await them, never the figures.
    """
    viewer = current_viewer()
    statement = select(Project).where(Project.code == code)
    project = None if viewer.is_external else db.session.scalars(statement).first()
    if project is None:
        raise NotFound(N_("There is no such project, or you may not see it."))
    return ProjectBrief(
        project.id, project.code, project.name, project.currency, project.zone, project.status
    )


def around(project: ProjectBrief) -> dict[str, Any]:
    """What every page of a project shows around its content: tabs, and where to start a form."""
    return {
        "project": project,
        "start_url": start_url(),
        **frame(db.session.get_one(Project, project.id)),
    }


def add_up(rows: Iterable[Mapping[str, Decimal]], columns: Sequence[Column]) -> dict[str, Decimal]:
    """The sums of rows of one currency."""
    kept = list(rows)
    return {
        column.key: sum((row.get(column.key, Decimal(0)) for row in kept), Decimal(0))
        for column in columns
    }


def download(name: str, content: bytes) -> Response:
    """A spreadsheet to keep."""
    return downloads.download(content, downloads.XLSX, f"{name}.xlsx")
