"""The portal as the bench serves it: pages of as many rows as the limit's inbox shows."""

from portal import limits

limits.PAGE_ROWS = 20  # read when the lists are imported, hence first

from portal import serving  # noqa: E402
from portal.app import create_app  # noqa: E402

app = create_app()
serving.keep_what_is_loaded()
