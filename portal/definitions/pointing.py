"""What the arguments of a command point at: module folders, a file of one, or a release."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

import click

from portal.definitions.folders import module_folders, read_folder

Database = Callable[[str], AbstractContextManager[None]]


class Refused(click.ClickException):
    """A command that cannot be done: one line that says why and what to do, exit code 2."""

    exit_code = 2

    def show(self, file: object = None) -> None:
        """The line, without the usage of the command."""
        click.echo(self.message, err=True)


def folders_at(paths: Iterable[Path]) -> list[Path]:
    """The module folders these paths mean, each once: itself, those inside it, that of a file."""
    found: dict[Path, None] = {}
    for path in paths:
        place = path.resolve()
        if place.is_file():
            place = place.parent
            if not (place / "module.json").is_file():
                raise Refused(
                    f"{path}: there is no module.json beside it. A file is checked with its "
                    "module: put it into the folder of one, or write a module.json."
                )
        folders = module_folders(place)
        if not folders:
            raise Refused(
                f"{path}: no module.json there, nor in a folder inside it. "
                "Name the folder of a module, a file of one, or a folder of modules."
            )
        found.update(dict.fromkeys(folders))
    return list(found)


def files_at(text: str, database: Database) -> Mapping[str, str]:
    """The files of a folder, of a module's current release (`payment`) or of one (`payment@3`)."""
    if Path(text).exists():
        folders = folders_at([Path(text)])
        if len(folders) > 1:
            raise Refused(f"{text} holds {len(folders)} modules: name the folder of one of them.")
        return read_folder(folders[0])
    module, number = release_at(text)
    from portal.definitions import queries

    with database("compare definitions"):
        return queries.export(module, number)


def release_at(text: str) -> tuple[str, int | None]:
    """The module and the number of a release: `payment@3`; without a number, the current one."""
    module, mark, number = text.partition("@")
    if mark and not (number.isdecimal() and len(number) < 10):
        raise Refused(f"{text}: write the number of a release behind the @, such as {module}@2.")
    if "/" in module or not module:
        raise Refused(f"{text}: there is no such folder. Name a folder, a module, or module@2.")
    return module, int(number) if mark else None
