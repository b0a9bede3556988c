"""Forms for what is measured without the limit: 200 rows with totals, and 200 fields."""

from typing import Any

FORM = "lines"


def many_fields(count: int, version: int) -> dict[str, Any]:
    """A form of many fields: every fifth computed from the one before, every tenth conditional."""
    properties: dict[str, Any] = {}
    computed: dict[str, str] = {}
    rules: list[dict[str, Any]] = []
    for number in range(count):
        key = f"field{number}"
        properties[key] = {
            "x-field": {"kind": "number", "scale": 2, "label": f"Field {number} of {version}"}
        }
        if number % 5 == 4:
            computed[key] = f"round(field{number - 1} * 1.5, 2)"
        elif number % 10 == 0 and number:
            when = f"field{number - 2} > 3"
            rules.append({"id": f"rule{number}", "when": when, "show": [key]})
    return {
        "form": "many",
        "version": 1,
        "title": f"Many fields {version}",
        "subject": "field0",
        "data": {"properties": properties},
        "computed": computed,
        "rules": rules,
        "layout": [{"type": "section", "title": "All", "fields": list(properties)}],
    }
