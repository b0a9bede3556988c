"""From a definition to a CompiledForm: expressions typed, cycles refused, validators built."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from portal.errors import N_, Message
from portal.forms.canonical import content_hash
from portal.forms.compiled import CompiledForm
from portal.forms.expressing import Expresser
from portal.forms.fields import FormDefinition
from portal.forms.findings import DefinitionErrors, Finding
from portal.forms.judges import Judge, SchemaError
from portal.forms.ordering import in_order
from portal.forms.reading import read_form
from portal.forms.recordschema import draft_schema, full_schema
from portal.forms.references import check_references, where_used
from portal.forms.schema import make_judge
from portal.forms.scopes import form_scopes

Json = Mapping[str, Any]
Links = Callable[[str], Json | None]

UNUSABLE_SCHEMA = N_("The data part is no usable JSON Schema: %(reason)s.")
LOOK_AT_PATTERNS = N_("Look at its patterns: no look-around, no back-references.")
_MOST_KEPT = 200

_forms: OrderedDict[str, FormDefinition] = OrderedDict()
_compiled: OrderedDict[tuple[str, ...], CompiledForm] = OrderedDict()
_lock = Lock()


def no_links(_form: str) -> Json | None:
    """For forms that link to nothing."""
    return None


def compile_form(
    expanded: Json, links: Links = no_links, *, known_hash: str | None = None
) -> CompiledForm:
    """The form, compiled and kept by content; raises DefinitionErrors with every fault found.

    `links` answers the expanded definition of a form by key. `known_hash` spares hashing a
    definition whose content hash is stored beside it.
    """
    form = _read(expanded, known_hash)
    linked = _linked(form, links)
    key = (form.hash, *(f"{name}:{one.hash}" for name, one in sorted(linked.items())))
    with _lock:
        found = _compiled.get(key)
        if found is not None:
            _compiled.move_to_end(key)
            return found
    made = _compile(form, linked)
    with _lock:
        _compiled[key] = made
        if len(_compiled) > _MOST_KEPT:
            _compiled.popitem(last=False)
    return made


def _read(expanded: Json, known_hash: str | None) -> FormDefinition:
    key = known_hash or content_hash(expanded)
    with _lock:
        found = _forms.get(key)
    if found is None:
        found = read_form(expanded, known_hash=key)
        with _lock:
            _forms[key] = found
            if len(_forms) > _MOST_KEPT:
                _forms.popitem(last=False)
    return found


def _linked(form: FormDefinition, links: Links) -> dict[str, FormDefinition]:
    """The forms the links of a form lead to, itself included where it links to itself."""
    found: dict[str, FormDefinition] = {}
    for link in form.links:
        target = str(link.options.get("target", ""))
        if target and target not in found:
            expanded = form.expanded if target == form.form else links(target)
            if expanded is not None:
                found[target] = _read(expanded, None)
    return found


def _compile(form: FormDefinition, linked: Mapping[str, FormDefinition]) -> CompiledForm:
    findings = check_references(form, linked)
    scopes = form_scopes(form, linked.get)
    expresser = Expresser(form, scopes)
    tasks = expresser.tasks()
    prefill = expresser.prefill()
    filters = expresser.filters()
    findings += expresser.findings
    tasks, cycles = in_order(form, tasks)
    findings += cycles
    judges = [_judge(schema(form), findings) for schema in (full_schema, draft_schema)]
    if findings:
        raise DefinitionErrors(findings)
    return CompiledForm(
        definition=form,
        linked=linked,
        scopes=scopes,
        tasks=tuple(tasks),
        prefill=prefill,
        filters=filters,
        conditional=expresser.conditional,
        link_fields=expresser.link_fields(),
        where_used=where_used(form, tasks, filters),
        full=judges[0],
        draft=judges[1],
    )


def _judge(schema: dict[str, Any], findings: list[Finding]) -> Judge:
    try:
        return make_judge(schema)
    except SchemaError as error:
        message = Message(UNUSABLE_SCHEMA, {"reason": str(error)})
        findings.append(Finding(("data",), message, Message(LOOK_AT_PATTERNS)))
        return make_judge({})
