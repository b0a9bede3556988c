"""Where the fields of one version of a form stand in another, known without any data; pure."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from portal.definitions.moving import Row, steps_from
from portal.definitions.moving_steps import named_paths
from portal.forms.fieldpaths import split
from portal.forms.fields import FormDefinition
from portal.forms.kinds.table import ROW_ID_KEY


@lru_cache(maxsize=500)
def arrivals(old: FormDefinition, form: FormDefinition) -> Mapping[str, str]:
    """Where the values of `old` stand in `form`, of the fields that at most change their name.

    A field that a step reads anew, cuts, computes, moves into a table or drops is left out.
    """
    found = {path: path for path in old.fields}
    for step in steps_from(form, old.version):
        ((name, given),) = step.items()
        if name == "set_default":
            continue
        taken, written = named_paths(step)
        for path, now in list(found.items()):
            if name == "rename" and now == given[0]:
                found[path] = given[1]
            elif name == "rename" and split(now)[0] == given[0] and split(given[1])[0] is None:
                found[path] = f"{given[1]}[].{split(now)[1]}"
            elif now in taken | written:
                del found[path]
    return {path: now for path, now in found.items() if now in form.fields}


@lru_cache(maxsize=500)
def dropped(old: FormDefinition, form: FormDefinition) -> frozenset[str]:
    """The fields of `old` of which a declared step says that they go."""
    names = {path: path for path in old.fields}
    gone: set[str] = set()
    for step in steps_from(form, old.version):
        ((name, given),) = step.items()
        for path, now in names.items():
            if name == "rename" and now == given[0]:
                names[path] = given[1]
            elif name == "drop" and given in (now, split(now)[0]):
                gone.add(path)
    return frozenset(gone)


def renamed(data: Mapping[str, Any], old: FormDefinition, form: FormDefinition) -> Row:
    """The values that no step touches, under the names that `form` has for them."""
    places = arrivals(old, form)
    result: Row = {}
    for one in old.header:
        now = places.get(one.path)
        if now is None or data.get(one.key) is None:
            continue
        if one.kind.name != "table":
            result[now] = data[one.key]
            continue
        columns = {
            column.key: split(places[column.path])[1]
            for column in old.columns[one.key]
            if column.path in places
        }
        columns[ROW_ID_KEY] = ROW_ID_KEY
        result[now] = [
            {columns[key]: value for key, value in row.items() if key in columns}
            for row in data[one.key]
        ]
    return result
