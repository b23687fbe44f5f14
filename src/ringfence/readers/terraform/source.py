"""The Terraform reader: from a folder to the declarations of one world."""

from __future__ import annotations

import gc
import posixpath
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.errors import InputError, UsageError
from ringfence.model.origin import Origin
from ringfence.model.symbol import Error
from ringfence.model.world import Ledger
from ringfence.readers.terraform.evaluation import Evaluation
from ringfence.readers.terraform.files import Files
from ringfence.readers.terraform.library import Library

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ringfence.mapping.declaration import Declaration
    from ringfence.model.symbol import Value
    from ringfence.model.world import World
    from ringfence.readers.terraform.module import Module
    from ringfence.readers.terraform.root import Root


class Source:
    """A folder with Terraform. `roots` are the paths or patterns of its roots; empty: they are found.

    `overlays` are the folders of all worlds' overlays, in which no roots are looked for.
    """

    def __init__(self, folder: Path, roots: Iterable[str] = (), overlays: Iterable[str] = ()) -> None:
        self.folder = Path(folder)
        self._chosen = tuple(roots)
        self._overlays = tuple(filter(None, overlays))
        self._library = Library()

    def declarations(self, world: World, ledger: Ledger) -> list[Declaration]:
        """All instances of all roots in a world, in reading order; their bodies are evaluated when they are asked.

        What could not be read is entered in the ledger, also later, while bodies are read.

        Raises:
            InputError: the folder or the world's overlay is not there.
        """
        with _collector_off():
            return list(_declared(self._evaluation(world, ledger)))

    def roots(self, world: World) -> tuple[str, ...]:
        """The paths of the roots in a world."""
        return self._evaluation(world, Ledger()).estate

    def console(self, root: str, world: World) -> Callable[[str], Value]:
        """Evaluates the text of an expression in the scope of a root; the folder itself may declare nothing.

        Raises:
            UsageError: there is no such root.
        """
        from ringfence.readers.terraform.root import Root

        evaluation = self._evaluation(world, Ledger())
        path = posixpath.normpath(root.replace("\\", "/"))
        found = evaluation.root(path) or (Root(evaluation, path) if path == "." else None)
        if found is None:
            known = ", ".join(evaluation.estate) or "none"
            raise UsageError(f"there is no root {root}", hint=f"The roots here: {known}.")
        return lambda text: _evaluated(found, text)

    def _evaluation(self, world: World, ledger: Ledger) -> Evaluation:
        from ringfence.readers.terraform.discover import chosen, discover

        if not self.folder.is_dir():
            raise InputError("there is no such folder", where=str(self.folder))
        overlay = self.folder / world.overlay if world.overlay else None
        if overlay is not None and not overlay.is_dir():
            where = f"ringfence.toml, worlds.{world.name}.overlay"
            raise InputError(f"there is no folder {world.overlay}", where=where)
        evaluation = Evaluation(world, Files(self.folder, overlay), self._library, ledger)
        evaluation.overlays = (*self._overlays, *((world.overlay,) if world.overlay else ()))
        evaluation.estate = chosen(evaluation, self._chosen) if self._chosen else discover(evaluation)
        return evaluation


@contextmanager
def _collector_off() -> Iterator[None]:
    """Without the garbage collector, which would look through all that is read again and again."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _declared(evaluation: Evaluation) -> Iterator[Declaration]:
    from ringfence.readers.terraform.commands import commands
    from ringfence.readers.terraform.conditions import report
    from ringfence.readers.terraform.references import undeclared

    for folder, why in evaluation.files.unlisted.items():
        name = evaluation.files.name(folder)
        evaluation.refuse(f"the folder {name} cannot be listed: {why}", Origin(name))
    for path in evaluation.world.roots:
        if path not in evaluation.estate:
            why = f"worlds.{evaluation.world.name}.roots names {path}, which is no root here"
            evaluation.warn(why, Origin("ringfence.toml"))
    for path in evaluation.estate:
        root = evaluation.root(path)
        if root is None:
            continue
        yield from root.declarations()
        root.given()
        for module in _modules(root.module) if not root.unread else ():
            _close(module)
            report(module)
            for problem in undeclared(module.configuration):
                evaluation.report(problem)
            evaluation.ledger.skipped.extend(_understood(module))
            evaluation.ledger.commands.extend(commands(module.configuration))


def _modules(module: Module) -> Iterator[Module]:
    yield module
    for child in module.modules():
        yield from _modules(child)


def _close(module: Module) -> None:
    """Evaluates what nothing may have asked for: Terraform refuses a mistake whether or not anybody needs the value."""
    for name in module.configuration.locals:
        module.local(name)
    for name in module.configuration.outputs:
        module.output(name)
    for key in module.configuration.resources:
        for instance in module.resource(key).instances():
            instance.body.close()


def _understood(module: Module) -> Iterator[tuple[str, str]]:
    """Blocks that say what becomes of a state, which changes no configuration."""
    configuration = module.configuration
    for block in configuration.removed:
        syntax = block.attribute("from")
        what = syntax.origin().expression if syntax else "removed"
        yield f"{module.root.path}#{what}", "removed from the state; it may live on outside Terraform"


def _evaluated(root: Root, text: str) -> Value:
    from ringfence.readers.hcl.parse import parse_expression
    from ringfence.readers.hcl.syntax import HclError

    try:
        return root.module.evaluate(parse_expression(text.encode(), "expression"))
    except HclError as error:
        return Error(str(error))
