"""Azure Resource Manager's own JSON becomes an estate: templates, and exports of what there is.

Several files are one estate: a template with its parameters, an export in pages, or tables of Resource Graph.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ringfence.errors import InputError
from ringfence.readers.arm import document
from ringfence.readers.arm.document import SUFFIXES
from ringfence.readers.arm.export import Export
from ringfence.readers.arm.template import Template, parameters_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from ringfence.mapping.arm.record import Item
    from ringfence.model.world import Ledger, World
    from ringfence.readers.arm.document import Text

__all__ = ["SUFFIXES", "files", "is_plan", "items"]

_PLAN = re.compile(rb"\s*\{\s*\"format_version\"")
_NEITHER = "Templates have a $schema and resources; exports have rows with an id."


def files(folder: Path) -> tuple[Path, ...]:
    """The files of a folder that may hold ARM JSON, by name."""
    return tuple(sorted(p for p in folder.iterdir() if _may_hold(p.name) and p.is_file()))


def _may_hold(name: str) -> bool:
    return name.casefold().endswith(SUFFIXES) and not name.casefold().endswith((".tf.json", ".tfvars.json"))


def is_plan(path: Path) -> bool:
    """True when a file is what ``terraform show -json`` writes."""
    try:
        with path.open("rb") as file:
            return _PLAN.match(file.read(4096)) is not None
    except OSError:
        return False


def items(paths: Sequence[Path], folder: Path, world: World, ledger: Ledger) -> Iterator[Item]:
    """All objects of the files, read one after the other. Files are shown by their path from `folder`.

    Raises:
        InputError: a file is neither a template, nor its parameters, nor an export.
    """
    reader = _Reader(folder, world, ledger)
    for path in paths:
        try:
            yield from reader.file(path)
        except _OtherError as error:
            if len(paths) == 1:
                raise
            ledger.skipped.append((error.where, error.message))
    yield from reader.templates()
    reader.report()


class _OtherError(InputError):
    """A file is JSON of another kind: of one that was named this is an error, in a folder there may be any."""


class _Reader:
    """Holds what is said of all files together."""

    def __init__(self, folder: Path, world: World, ledger: Ledger) -> None:
        self._folder = folder
        self._world = world
        self._ledger = ledger
        self._exports: list[Export] = []
        self._templates: list[tuple[Text, Any, dict[int, int]]] = []
        self._parameters: dict[str, dict[str, Any]] = {}
        """By the path of the file."""

    def file(self, path: Path) -> Iterator[Item]:
        """The objects of an export; templates are kept until all parameters are read."""
        text = document.read(path, self._shown(path))
        at = document.skip(text, 0)
        first = text.content[at : at + 1]
        if not first:
            raise InputError("the file is empty", where=text.shown, hint=_NEITHER)
        export = Export(text, self._ledger, self._world.name)
        if path.suffix.casefold() in document.LINES or _is_lines(text, at):
            self._exports.append(export)
            yield from export.lines()
        elif first == "[":
            self._exports.append(export)
            yield from (item for item in export.elements(at) if not isinstance(item, int))
        elif first == "{":
            yield from self._object(path, text, at, export)
        else:
            text.refuse("this is not JSON", at, _NEITHER)

    def _shown(self, path: Path) -> str:
        try:
            return path.relative_to(self._folder).as_posix()
        except ValueError:
            return path.as_posix()

    def _object(self, path: Path, text: Text, at: int, export: Export) -> Iterator[Item]:
        """A file that is one object: what it is, its names say."""
        names: dict[str, Any] = {}
        start, at = at, document.skip(text, at + 1)
        while text.content[at : at + 1] == '"':
            name, end = document.value(text, at)
            if name in names:
                text.refuse(f"{name} is written twice in one object", at)
            at = document.skip(text, end)
            if text.content[at : at + 1] != ":":
                text.refuse("this is not JSON: a colon is missing", min(at, len(text.content) - 1))
            at = document.skip(text, at + 1)
            if name in ("data", "value") and text.content[at : at + 1] == "[":
                for item in export.elements(at):
                    if isinstance(item, int):
                        at = item
                    else:
                        yield item
                names[name] = True
            else:
                names[name], at = document.value(text, at)
            at = document.skip(text, at)
            if text.content[at : at + 1] != ",":
                break
            at = document.skip(text, at + 1)
        if text.content[at : at + 1] != "}" or text.content[at + 1 :].strip():
            text.refuse("this is not JSON: the object does not end", min(at, len(text.content) - 1))
        yield from self._known(path, text, export, names, start)

    def _known(self, path: Path, text: Text, export: Export, names: dict[str, Any], start: int) -> Iterator[Item]:
        schema = str(names.get("$schema", "")).casefold()
        if names.get("data") is True or names.get("value") is True:
            self._page(export, names)
        elif isinstance(names.get("data"), dict):
            self._page(export, names)
            yield from export.table(names["data"])
        elif "deploymentparameters" in schema:
            self._parameters[path.as_posix()] = parameters_of(names)
        elif "deploymenttemplate" in schema or ("contentVersion" in names and "resources" in names):
            self._templates.append((text, *document.positions(text)))
        elif isinstance(names.get("id"), str):
            self._exports.append(export)
            yield from export.one(names, text.line(start), text.content[start:])
        else:
            raise _OtherError(_mistaken(names), where=text.shown, hint=_hint(names))

    def _page(self, export: Export, names: dict[str, Any]) -> None:
        self._exports.append(export)
        total = next((names[n] for n in ("total_records", "totalRecords") if isinstance(names.get(n), int)), None)
        export.total = total
        tokens = (names.get(n) for n in ("skip_token", "$skipToken", "skipToken", "nextLink"))
        export.more = any(isinstance(t, str) and t for t in tokens) or names.get("resultTruncated") in ("true", True)

    # -- after all files

    def templates(self) -> Iterator[Item]:
        """The resources of the templates, with the parameters that lie beside them and those of the world."""
        for text, content, lines in self._templates:
            stem = text.path.as_posix().removesuffix(text.path.suffix)
            beside = next((p for n, p in self._parameters.items() if n.startswith(f"{stem}.param")), None)
            if beside is None and len(self._templates) == 1 and len(self._parameters) == 1:
                beside = next(iter(self._parameters.values()))
            given = {**(beside or {}), **self._world.variables}
            yield from Template(text.shown, lines, self._ledger, self._world.name).items(content, given)

    def report(self) -> None:
        """Enters what the pages leave out: absence then proves nothing."""
        for export in self._exports:
            if not export.more and (export.total is None or export.total <= export.rows):
                continue
            same = sum(e.rows for e in self._exports if e.total == export.total)
            if export.total is None or same < export.total:
                count = f"{export.rows} of {export.total} rows" if export.total else f"{export.rows} rows"
                self._ledger.unread.append(
                    (export.text.shown, f"it is one page, with {count}, and the others are not here")
                )


def _is_lines(text: Text, at: int) -> bool:
    """True when the first line is an object by itself, and another follows."""
    if text.content[at : at + 1] != "{":
        return False
    line, _, rest = text.content[at:].partition("\n")
    return line.rstrip().endswith("}") and rest.lstrip().startswith("{")


def _mistaken(names: dict[str, Any]) -> str:
    if "format_version" in names:
        return "this is a plan or a state of Terraform"
    if "terraform_version" in names and "serial" in names:
        return "this is a raw state file of Terraform"
    return "this is neither an ARM template nor an export of resources"


def _hint(names: dict[str, Any]) -> str:
    return "Use --plan FILE." if "format_version" in names else _NEITHER
