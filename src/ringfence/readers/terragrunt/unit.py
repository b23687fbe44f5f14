"""A Terragrunt unit: a folder with a ``terragrunt.hcl``, merged with what it includes.

Source: terragrunt.gruntwork.io/docs/reference/config-blocks-and-attributes
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, Choice, Error, Instance, Ref, is_symbol, plain
from ringfence.readers.hcl.access import attribute
from ringfence.readers.terragrunt.file import Place, TerragruntFile
from ringfence.readers.terragrunt.generate import Generated, generated

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.origin import Origin
    from ringfence.model.symbol import Value
    from ringfence.readers.terraform.configuration import File
    from ringfence.readers.terraform.content import Content
    from ringfence.readers.terraform.evaluation import Evaluation

FILE = ("terragrunt.hcl", "terragrunt.hcl.json")


class Unit:
    """One unit in one world."""

    def __init__(self, evaluation: Evaluation, folder: str) -> None:
        self.evaluation = evaluation
        self.folder: str = folder
        self.unknowns: list[Value] = []
        """The symbols that stand in generated files, by number."""
        path = next(p for p in (os.path.join(folder, n) for n in FILE) if evaluation.files.is_file(p))
        self.own = TerragruntFile(self, path, Place(folder))
        self._includes: dict[str, TerragruntFile] | None = None
        self._paths: list[tuple[str, Value]] | None = None
        self._others: dict[str, Instance] = {}
        self._inputs: dict[str, Value] | None = None
        self._generated: dict[str, File] | None = None

    # -- includes

    def include_paths(self) -> list[tuple[str, Value]]:
        """The label and the path of each include, in order."""
        if self._paths is None:
            self._paths = []
            for block in self.own.content.blocks("include", 1) or self.own.content.blocks("include"):
                path = plain(self.own.value(block, "path"))
                full = os.path.normpath(os.path.join(self.folder, path)) if isinstance(path, str) else path
                self._paths.append((block.labels[0] if block.labels else "", full))
        return self._paths

    def includes(self) -> dict[str, TerragruntFile]:
        """The included files by label; one that is not there is a problem."""
        if self._includes is None:
            self._includes = {}
            for label, path in self.include_paths():
                if isinstance(path, str) and self.evaluation.files.is_file(path):
                    self._includes[label] = TerragruntFile(self, path, Place(self.folder), included=True)
                else:
                    what = self.evaluation.files.name(path) if isinstance(path, str) else str(path)
                    self.evaluation.refuse(f"the included file {what} is not there", self._include_origin(label))
        return self._includes

    def _include_origin(self, label: str) -> Origin:
        blocks = self.own.content.blocks("include", 1) or self.own.content.blocks("include")
        block = next(b for b in blocks if (b.labels[0] if b.labels else "") == label)
        return self.own.origin(block, "path")

    def other(self, path: str) -> Instance:
        """Another configuration as a value; its functions work from where it is."""
        if path not in self._others:
            self._others[path] = TerragruntFile(self, path, Place(os.path.dirname(path))).exposed()
        return self._others[path]

    def layers(self) -> Iterator[tuple[TerragruntFile, str]]:
        """The files that make up the unit with their merge strategy: later ones win, the unit's own comes last."""
        blocks = self.own.content.blocks("include", 1) or self.own.content.blocks("include")
        strategies = {b.labels[0] if b.labels else "": self.own.value(b, "merge_strategy") for b in blocks}
        for label, file in self.includes().items():
            strategy = plain(strategies.get(label))
            if strategy != "no_merge":
                yield file, str(strategy or "shallow")
        yield self.own, "own"

    # -- inputs

    def inputs(self) -> dict[str, Value]:
        """The inputs by name, merged."""
        if self._inputs is None:
            merged: dict[str, Value] = {}
            deep = False
            for file, strategy in self.layers():
                deep = deep or strategy == "deep"
                merged = _merged(merged, self._named(file), deep=deep)
            self._inputs = merged
        return self._inputs

    def _named(self, file: TerragruntFile) -> dict[str, Value]:
        value = file.value(file.content, "inputs")
        plain_value = plain(value)
        if value is None or isinstance(plain_value, dict):
            return dict(plain_value) if isinstance(plain_value, dict) else {}
        if isinstance(plain_value, Error):
            return {}
        if is_symbol(value):
            origin = file.origin(file.content, "inputs")
            self.evaluation.warn("which inputs there are is not wholly known", origin)
        return {name: attribute(value, name) for name in _keys(plain_value)}

    # -- the terraform block

    def source(self) -> str | None:
        """The folder of the code when ``terraform { source }`` names a local one."""
        found = self._source()
        if not isinstance(found, str) or not found or not _is_path(found):
            return None
        return os.path.normpath(os.path.join(self.folder, found.replace("//", "/")))

    def remote_source(self) -> str:
        """The source when it is not in the checkout, else ""."""
        found = self._source()
        if found is None or found == "":
            return ""
        if isinstance(found, str) and _is_path(found):
            folder = self.source()
            return "" if folder and self.evaluation.files.is_folder(folder) else found
        return str(found)

    def environment(self) -> dict[str, str]:
        """Environment variables that extra arguments set."""
        found: dict[str, str] = {}
        for file, block in self._extra_arguments():
            value = plain(file.value(block, "env_vars"))
            if isinstance(value, dict):
                found.update((k, v) for k, v in value.items() if isinstance(v, str))
        return found

    def variable_files(self) -> Iterator[str]:
        """Variables files that extra arguments name, those that are optional only where they exist."""
        for file, block in self._extra_arguments():
            for argument in _texts(file.value(block, "arguments")):
                if argument.startswith("-var-file="):
                    yield self._path(argument.removeprefix("-var-file="))
            yield from map(self._path, _texts(file.value(block, "required_var_files")))
            for path in map(self._path, _texts(file.value(block, "optional_var_files"))):
                if self.evaluation.files.is_file(path):
                    yield path

    def _source(self) -> Value:
        found: Value = None
        for file, _ in self.layers():
            for block in file.content.blocks("terraform"):
                if block.attribute("source"):
                    found = plain(file.value(block, "source"))
        return found

    def _extra_arguments(self) -> Iterator[tuple[TerragruntFile, Content]]:
        for file, _ in self.layers():
            for block in file.content.blocks("terraform"):
                for extra in block.blocks("extra_arguments", 1):
                    commands = plain(file.value(extra, "commands"))
                    if not isinstance(commands, tuple) or "plan" in commands or "apply" in commands:
                        yield file, extra

    def _path(self, path: str) -> str:
        return os.path.normpath(os.path.join(self.folder, path))

    # -- state and generated files

    def backend(self) -> tuple[str, dict[str, Value]] | None:
        """The backend's type and its settings, when a ``remote_state`` block gives them."""
        for file, block in reversed(list(self._remote_states())):
            config, backend = plain(file.value(block, "config")), plain(file.value(block, "backend"))
            if isinstance(backend, str):
                return backend, (dict(config) if isinstance(config, dict) else {})
        return None

    def _remote_states(self) -> Iterator[tuple[TerragruntFile, Content]]:
        for file, _ in self.layers():
            for block in file.content.blocks("remote_state"):
                yield file, block

    def generated(self, code: str) -> dict[str, File]:
        """The files that Terragrunt writes, by path; `code` is the folder that it runs Terraform in."""
        if self._generated is None:
            self._generated = {}
            found: dict[str, Generated] = {}
            for file, _ in self.layers():
                found.update((g.label, g) for g in generated(file))
            for one in found.values():
                one.write(self, code, self._generated)
        return self._generated

    def unknown(self, value: Value) -> int:
        """The number under which a generated file refers to a symbol."""
        if value not in self.unknowns:
            self.unknowns.append(value)
        return self.unknowns.index(value)

    # -- dependencies

    def inherited_dependency(self, name: str) -> tuple[TerragruntFile, Content] | None:
        """A dependency block of an included file."""
        found = (file.dependency_block(name) for file in self.includes().values())
        return next((f for f in found if f), None)

    def dependency(self, file: TerragruntFile, block: Content) -> Value:
        """A dependency as a value: its outputs are those of the other root, never mocks."""
        return Instance(f"#dependency.{block.labels[0]}", lambda name: self._of_dependency(file, block, name))

    def output(self, file: TerragruntFile, block: Content, name: str) -> Value:
        """One output of the other root in the same world."""
        path = self._target(file, block)
        if not isinstance(path, str):
            return path
        root = self.evaluation.root(path)
        if root is None:
            why = f"dependency {block.labels[0]} needs the root {path}, which is not here: its outputs are unknown"
            self.evaluation.warn(why, block.origin)
            return Ref(f"{path}#outputs", (name,))
        return root.output(name, block.origin)

    def _of_dependency(self, file: TerragruntFile, block: Content, name: str) -> Value:
        path = self._target(file, block)
        root = self.evaluation.root(path) if isinstance(path, str) else None
        if name == "outputs":
            if root is None or root.unread:
                return Instance(f"{path}#outputs", lambda n: self.output(file, block, n))
            return root.outputs(block.origin)
        if name == "inputs" and root is not None and root.terragrunt is not None:
            return root.terragrunt.inputs()
        return Error(f"a dependency has no {name}")

    def _target(self, file: TerragruntFile, block: Content) -> str | Error:
        """The path of the root that a dependency block means."""
        path = plain(file.value(block, "config_path"))
        if not isinstance(path, str):
            return Error(f"the config_path of dependency {block.labels[0]} is not known: {path}")
        full = os.path.normpath(os.path.join(file.place.folder, path))
        folder = os.path.dirname(full) if os.path.basename(full) in FILE else full
        return os.path.relpath(folder, self.evaluation.files.folder).replace(os.sep, "/")


def _is_path(source: str) -> bool:
    return source.startswith((".", "/")) and "::" not in source


def _texts(value: Value) -> tuple[str, ...]:
    value = plain(value)
    return tuple(v for v in value if isinstance(v, str)) if isinstance(value, tuple) else ()


def _merged(base: dict[str, Value], over: dict[str, Value], *, deep: bool) -> dict[str, Value]:
    """Two objects as one; deep, objects in them are merged too and lists are put one after the other."""
    result = dict(base)
    for name, value in over.items():
        result[name] = _deep(base[name], value) if deep and name in base else value
    return result


def _deep(base: Value, over: Value) -> Value:
    if isinstance(base, dict) and isinstance(over, dict):
        return _merged(base, over, deep=True)
    if isinstance(base, tuple) and isinstance(over, tuple):
        return (*base, *over)
    return over


def _keys(value: Value) -> dict[str, None]:
    """The names that an object has, as far as they are known."""
    if isinstance(value, dict):
        return dict.fromkeys(value)
    if isinstance(value, Choice):
        return {**_keys(value.yes), **_keys(value.no)}
    found: dict[str, None] = {}
    if isinstance(value, Apply) and value.fn == "merge":
        for arg in value.args:
            found.update(_keys(plain(arg)))
    return found
