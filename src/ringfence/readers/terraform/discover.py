"""Finds the Terraform roots in a checkout: folders that nothing else calls as a module.

A lock file alone does not make a root; a ``terragrunt.hcl`` does, unless it is only there to be included.
"""

from __future__ import annotations

import os
from fnmatch import fnmatch
from typing import TYPE_CHECKING

from ringfence.model.symbol import plain
from ringfence.readers.terraform.configuration import configuration_names, is_configuration
from ringfence.readers.terraform.locate import is_local
from ringfence.readers.terraform.scopes import constant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ringfence.readers.terraform.configuration import Configuration
    from ringfence.readers.terraform.evaluation import Evaluation
    from ringfence.readers.terraform.files import Files

STACK = "terragrunt.stack.hcl"
UNITS = ("terragrunt.hcl", "terragrunt.hcl.json")

_NEVER = {".git", ".terraform", ".terragrunt-cache", "node_modules", "__pycache__", ".venv", "venv", ".tox"}
_ASIDE = {"example", "examples", "tests", "testdata", "test-fixtures", "fixtures", "samples"}
"""Folders whose content shows or tests the rest, when they are not all there is."""
_ENVIRONMENTS = {
    "prod",
    "production",
    "prd",
    "live",
    "dev",
    "development",
    "staging",
    "stage",
    "qa",
    "uat",
    "acc",
    "int",
}
_MODULES = ("module", "modules")
"""The last word of the name of a folder that holds modules."""


def discover(evaluation: Evaluation) -> tuple[str, ...]:
    """The paths of the roots, in order; what is left aside is entered in the ledger."""
    found = list(_folders(evaluation))
    for path, names in found:
        if STACK in names:
            evaluation.ledger.unread.append((f"{path}/{STACK}", "Terragrunt stacks are not read"))
    aside = {path for path, _ in found if _is_aside(evaluation.files, path)}
    normal = _roots(evaluation, [(path, names) for path, names in found if path not in aside])
    if not normal:
        return _roots(evaluation, found)
    why = "an example or a test; name it under roots in ringfence.toml to read it"
    shown = [path for path in sorted(aside) if is_root(evaluation.files, path)]
    evaluation.ledger.skipped.extend((path, why) for path in shown)
    return normal


def _roots(evaluation: Evaluation, found: list[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    """The roots among these folders."""
    units = {path for path, names in found if any(n in UNITS for n in names)}
    code = {path for path, names in found if any(map(is_configuration, names))}
    called, configurations = _called(evaluation, code)
    skipped = _only_included(evaluation, units, code)
    units -= skipped
    roots = [path for path, _ in found if path in units or (path in code - skipped and path not in called)]
    return tuple(path for path in roots if path in units or not _is_spare_module(evaluation, path, configurations))


def chosen(evaluation: Evaluation, patterns: Iterable[str]) -> tuple[str, ...]:
    """The roots that the settings name; a name that is no root is a problem."""
    from ringfence.model.origin import Origin

    result: dict[str, None] = {}
    for pattern in patterns:
        if any(c in pattern for c in "*?["):
            paths = [p for p, _ in _folders(evaluation) if fnmatch(p, pattern) and is_root(evaluation.files, p)]
        else:
            paths = [pattern] if is_root(evaluation.files, pattern) else []
        if not paths:
            why = f"the root {pattern} is not there: no folder of that name has a .tf file or a terragrunt.hcl"
            evaluation.refuse(why, Origin("ringfence.toml"))
        result.update(dict.fromkeys(paths))
    return tuple(result)


def is_root(files: Files, path: str) -> bool:
    """True when the folder has Terraform files or a Terragrunt unit."""
    return any(is_configuration(n) or n in UNITS for n in files.names(path))


def _folders(evaluation: Evaluation) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each folder of the checkout with the names in it; a folder met through a loop of links comes once."""
    files = evaluation.files
    waiting, seen = ["."], {os.path.realpath(os.path.join(files.folder, path)) for path in evaluation.overlays}
    while waiting:
        path = waiting.pop(0)
        real = os.path.realpath(os.path.join(files.folder, path))
        if real in seen:
            continue
        seen.add(real)
        names = files.names(path)
        yield path, names
        below = [n for n in names if n not in _NEVER and not n.startswith(".") and _is_folder(files, path, n)]
        waiting += [n if path == "." else f"{path}/{n}" for n in below]


def _is_folder(files: Files, path: str, name: str) -> bool:
    return not is_configuration(name) and files.is_folder(os.path.join(path, name))


def _called(evaluation: Evaluation, code: set[str]) -> tuple[set[str], dict[str, Configuration]]:
    """The folders that another one calls as a module, and the configuration of each."""
    called: set[str] = set()
    configurations: dict[str, Configuration] = {}
    for path in sorted(code):
        configurations[path] = configuration = _configuration(evaluation, path)
        for block in configuration.modules.values():
            syntax = block.attribute("source")
            source = constant(syntax.expression) if syntax else None
            if isinstance(source, str) and is_local(source):
                target = os.path.normpath(os.path.join(path, source)).replace(os.sep, "/")
                if target != path:
                    called.add(target)
    return called, configurations


def _configuration(evaluation: Evaluation, path: str) -> Configuration:
    files, library = evaluation.files, evaluation.library
    full = os.path.join(files.folder, path)
    names = [n for n in configuration_names(files.names(full)) if not files.is_folder(os.path.join(full, n))]
    return library.configuration(library.file(files, os.path.normpath(os.path.join(full, n))) for n in names)


def _only_included(evaluation: Evaluation, units: set[str], code: set[str]) -> set[str]:
    """Units that are there for others to include, or that have no code of their own."""
    from ringfence.readers.terragrunt.unit import Unit

    files = evaluation.files
    included: set[str] = set()
    without: set[str] = set()
    for path in units:
        unit = Unit(evaluation, os.path.normpath(os.path.join(files.folder, path)))
        if plain(unit.own.value(unit.own.content, "skip")) is True:
            evaluation.ledger.skipped.append((path, "its terragrunt.hcl says skip"))
            without.add(path)
        for _, target in unit.include_paths():
            if isinstance(target, str):
                included.add(os.path.relpath(os.path.dirname(target), files.folder).replace(os.sep, "/"))
        if path not in code and not unit.source() and not unit.remote_source():
            without.add(path)
    return {path for path in units if (path in included and path not in code) or path in without}


def _is_spare_module(evaluation: Evaluation, path: str, configurations: dict[str, Configuration]) -> bool:
    """True for a folder among modules that nothing calls and that has nothing of a root."""
    parents = path.split("/")[:-1]
    if not any(p.replace("_", "-").rpartition("-")[2] in _MODULES for p in parents):
        return False
    configuration = configurations[path]
    names = evaluation.files.names(path)
    own = any(b.blocks("backend", 1) or b.blocks("cloud") for b in configuration.terraform)
    if own or configuration.providers or any(n.endswith((".tfvars", ".tfvars.json")) for n in names):
        return False
    evaluation.ledger.skipped.append((path, "a module that no root calls"))
    return True


def _is_aside(files: Files, path: str) -> bool:
    """True below a folder of examples or tests; one called "test" beside "prod" is an environment."""
    parts = path.split("/")
    for depth, part in enumerate(parts):
        if part in _ASIDE:
            return True
        if part == "test" and not _ENVIRONMENTS.intersection(files.names("/".join(parts[:depth]) or ".")):
            return True
    return False
