"""The reference is the one everybody is measured against."""

import hashlib
from pathlib import Path

import pytest

BENCH = Path(__file__).resolve().parents[2] / "bench"
HASHES = {
    "limit_app.py": "51a61c3a394cfca40bb3e9e3616a0e616e96ccf497d10a414dac7b0fee56fbdf",
    "limit_workload.py": "cafd5ed582d3d156271041f7dfe3197a594f515668ac7d1c4a714d233c65801e",
}


@pytest.mark.parametrize("name", HASHES)
def test_the_reference_is_unchanged(name: str) -> None:
    assert hashlib.sha256((BENCH / name).read_bytes()).hexdigest() == HASHES[name]
