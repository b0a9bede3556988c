"""One upload as a sheet: an Excel workbook or a CSV file."""

from werkzeug.datastructures import FileStorage

from portal.errors import N_, Invalid
from portal.spreadsheets.archive import FILE_BYTES
from portal.spreadsheets.cells import Sheet
from portal.spreadsheets.comma_text import read_csv
from portal.spreadsheets.workbook import read_workbook

NO_FILE = N_("Choose a file: an Excel workbook (.xlsx) or a CSV file.")


def read_upload(upload: FileStorage | None, sheet: str = "") -> Sheet:
    """The sheet of an upload by this name, or the first that holds something. Raises Invalid."""
    if upload is None or not upload.filename:
        raise Invalid(NO_FILE)
    with upload.stream as stream:
        content = stream.read(FILE_BYTES + 1)
    if upload.filename.lower().endswith(".csv") and len(content) <= FILE_BYTES:
        return read_csv(content)
    return read_workbook(content, sheet)
