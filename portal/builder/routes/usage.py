"""How a module is used."""

from werkzeug.wrappers import Response as BaseResponse

from portal import clock
from portal.builder import queries
from portal.builder.area import READERS, area
from portal.builder.usage_report import DAYS, usage_of
from portal.definitions import catalog
from portal.web.answers import page_or_fragment


@area.page("/modules/<module>/usage", access=READERS)
def usage(module: str) -> BaseResponse:
    """Who files what, how long pages take, and what nobody ever needed."""
    found = queries.the_module(module)
    forms = catalog.current_catalog().forms_of(module) if found.shown else []
    return page_or_fragment(
        "builder/usage.html", module=found, forms=usage_of(forms, clock.now()), days=DAYS
    )
