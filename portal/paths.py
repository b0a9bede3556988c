"""Where the portal's folders stand: beside the package in a checkout, inside it in a wheel."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
# The package first: a badly packaged neighbour may leave a templates/ folder in site-packages.
ROOT = PACKAGE if (PACKAGE / "templates").is_dir() else PACKAGE.parent

TEMPLATES = ROOT / "templates"
STATIC = ROOT / "static"
DEFINITIONS = ROOT / "form_definitions"
TRANSLATIONS = ROOT / "translations"
DOCS = ROOT / "docs"
MIGRATIONS = PACKAGE / "migrations"


def home() -> Path:
    """The folder of database, files, keys and logs: PORTAL_HOME, or var/ where one works."""
    chosen = os.environ.get("PORTAL_HOME")
    return Path(chosen).resolve() if chosen else Path.cwd() / "var"
