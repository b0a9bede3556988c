"""What the portal itself can mend in a draft before it goes out."""

from dataclasses import dataclass

from portal.builder import queries
from portal.builder.checks import Judged, StaleVersion
from portal.builder.design.examples import changed_routes, changed_values
from portal.builder.design.samples import lacking_samples
from portal.builder.form_page import designs_of
from portal.builder.queries import Draft


@dataclass(frozen=True, slots=True)
class Mends:
    """Forms that need a new version number; examples that lack values or come out otherwise."""

    stale: list[StaleVersion]
    lacking_samples: int
    other_values: int
    other_routes: int


def mends_of(draft: Draft, judged: Judged) -> Mends:
    """What of the draft, judged with its examples, a button can mend."""
    errors = judged.report.errors
    return Mends(
        stale=judged.stale_versions(queries.published_versions(draft.module)),
        lacking_samples=sum(
            lacking_samples(draft.files[name], design) for name, design in designs_of(draft.files)
        ),
        other_values=sum(map(len, changed_values(errors).values())),
        other_routes=sum(map(len, changed_routes(errors).values())),
    )
