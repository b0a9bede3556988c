"""The pages of records: detail, lists, files, editing. One area, a module per page."""

from portal.records.routes import detail, editing, files, lists
from portal.records.routes.area import area

__all__ = ["area", "detail", "editing", "files", "lists"]
