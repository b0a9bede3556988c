"""module.json against the other files: forms, workflows, roles, and keys unique in the company."""

from portal.definitions.checking.findings import File, Package
from portal.errors import N_
from portal.expressions.scope import nearest

UNKNOWN_ROLE = N_("The role “%(role)s” is not declared.")
DECLARE_ROLE = N_("Declare it under “roles” in a module, or correct the name.")
OWN_WORDS = frozenset({"import", "new", "shipped"})  # addresses of the portal beside the modules'


def check_module_file(package: Package) -> None:
    """What module.json promises must be there, and nothing else."""
    module = package.module
    if module is None or module.raw is None:
        return
    _check_key(package, module)
    _check_entries(package, module)
    _check_unlisted(package, module)
    _check_roles(package, module)
    _check_owners(package)
    for at, key in enumerate(module.raw.get("requires", ())):
        if key not in package.known.modules:
            module.notes.add(
                ("requires", at),
                N_("The module “%(key)s” is not known."),
                N_("Publish it first, or correct the name."),
                key=key,
            )


def _check_key(package: Package, module: File) -> None:
    if package.key in OWN_WORDS:
        module.notes.add(
            ("module",),
            N_("“%(key)s” is a word of the portal’s own."),
            N_("Choose another key."),
            key=package.key,
        )


def _check_entries(package: Package, module: File) -> None:
    forms = {file.key for file in package.files.values() if file.kind == "form"}
    workflows = {file.key: file for file in package.files.values() if file.kind == "workflow"}
    seen: set[str] = set()
    for at, entry in enumerate(package.entries):
        key, chain = entry["form"], entry.get("workflow")
        if key not in forms:
            _missing(module, ("forms", at, "form"), f"{key}.form.json")
        if key in seen:
            module.notes.add(
                ("forms", at, "form"),
                N_("The form “%(key)s” is listed twice."),
                N_("List it once."),
                key=key,
            )
        seen.add(key)
        if chain is None:
            continue
        if chain not in workflows:
            _missing(module, ("forms", at, "workflow"), f"{chain}.workflow.json")
        elif (raw := workflows[chain].raw) is not None and raw["form"] != key:
            module.notes.add(
                ("forms", at, "workflow"),
                N_("The workflow “%(key)s” is written for the form “%(form)s”."),
                N_("A workflow names its form: make both the same."),
                key=chain,
                form=raw["form"],
            )


def _missing(module: File, path: tuple[str | int, ...], name: str) -> None:
    module.notes.add(
        path,
        N_("The file %(name)s is missing."),
        N_("Add the file, or take the entry out."),
        name=name,
    )


def _check_unlisted(package: Package, module: File) -> None:
    forms = {entry["form"] for entry in package.entries}
    chains = {entry.get("workflow") for entry in package.entries}
    for file in package.files.values():
        listed = forms if file.kind == "form" else chains
        if file.kind in ("form", "workflow") and file.key not in listed:
            file.notes.add(
                (),
                N_("module.json does not list this file."),
                N_("Add it under “forms”, or delete the file."),
            )
        of_form = str(file.raw["form"]) if file.kind in ("postings", "cases") and file.raw else None
        if of_form is not None and of_form not in forms:
            file.notes.add(
                ("form",),
                N_("The module has no form “%(form)s”."),
                N_("Did you mean “%(other)s”?") if nearest(of_form, forms) else N_("Correct it."),
                form=of_form,
                other=nearest(of_form, forms) or "",
            )


def _check_roles(package: Package, module: File) -> None:
    for at, entry in enumerate(package.entries):
        for purpose, rules in entry.get("access", {}).items():
            for number, rule in enumerate(rules):
                for member, scope in (("role", "company"), ("project_role", "project")):
                    named = rule.get(member, ())
                    for role in [named] if isinstance(named, str) else named:
                        if (scope, role) not in package.roles:
                            path = ("forms", at, "access", purpose, number, member)
                            module.notes.add(path, UNKNOWN_ROLE, DECLARE_ROLE, role=role)


def _check_owners(package: Package) -> None:
    for file in package.files.values():
        owner = package.known.owners.get((file.kind, file.key))
        if owner is not None and owner != package.key:
            file.notes.add(
                (),
                N_("The key “%(key)s” belongs to the module “%(owner)s”."),
                N_("Keys are unique in the company: choose another one."),
                key=file.key,
                owner=owner,
            )
