"""The hash a signature covers: SHA-256 of a record's data in one canonical spelling."""

import hashlib
from collections.abc import Mapping
from typing import Any

from portal.forms.canonical import canonical_json


def content_hash_of_data(data: Mapping[str, Any]) -> str:
    """SHA-256 (hex) of a record's stored values."""
    return hashlib.sha256(canonical_json(data)).hexdigest()
