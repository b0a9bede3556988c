"""The arithmetic of the chain: canonical bytes of a row, and the hash that ties it to the last."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

DOMAIN = b"portal-audit-1\0"
START = "0" * 64


def canonical(row: Mapping[str, Any]) -> bytes:
    """Stable bytes of a row: sorted keys, no spaces, instants to the microsecond in UTC."""
    plain = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in row.items()}
    return json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def link(previous: str, row: Mapping[str, Any]) -> str:
    """SHA-256 over a domain tag, the hash before, and the row."""
    return hashlib.sha256(DOMAIN + previous.encode() + b"\0" + canonical(row)).hexdigest()
