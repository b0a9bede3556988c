"""What pages of bottlenecks call things, in the reader's language."""

from portal.foresight.stock import Verdict
from portal.web.words import gettext as _

TONES: dict[Verdict, str] = {
    "out": "red", "order": "red", "chase": "amber", "requested": "blue",
    "enough": "green", "unused": "grey",
}  # fmt: skip


def verdicts() -> dict[Verdict, str]:
    """What the standing of a material is called."""
    return {
        "out": _("Used up"),
        "order": _("Order now"),
        "chase": _("Chase the delivery"),
        "requested": _("Already requested"),
        "enough": _("Enough"),
        "unused": _("Not used lately"),
    }
