"""One Terraform root in one world: its files, what is given to it, and its root module."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.model.origin import Origin
from ringfence.model.symbol import Error, Ref, plain
from ringfence.readers.hcl.functions import Context
from ringfence.readers.hcl.functions import call as call_function
from ringfence.readers.terraform import variables
from ringfence.readers.terraform.configuration import configuration_names
from ringfence.readers.terraform.files import FileError
from ringfence.readers.terraform.module import Module
from ringfence.readers.terraform.providers import LOCK, locks, versions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.mapping.declaration import Declaration
    from ringfence.mapping.versions import Versions
    from ringfence.model.symbol import Value
    from ringfence.readers.terraform.configuration import Configuration, File
    from ringfence.readers.terraform.evaluation import Evaluation
    from ringfence.readers.terraform.variables import Given
    from ringfence.readers.terragrunt.unit import Unit


class Circular(dict[str, "Given"]):
    """Stands for what is given to a root's variables while it is worked out: who asks then asks in a circle."""

    def __init__(self, root: Root) -> None:
        super().__init__()
        self._root = root

    def get(self, name: str, default: Any = None) -> Given:  # noqa: ARG002  # as a dict has it
        error = Error(f"cycle: the inputs of root {self._root.path} depend on themselves")
        self._root.evaluation.failed(error, "", Origin(self._root.evaluation.files.name(self._root.folder)))
        return variables.Given(error)


class Root:
    """A root module with all below it."""

    def __init__(self, evaluation: Evaluation, path: str) -> None:
        self.evaluation = evaluation
        self.path = path
        self.folder = os.path.normpath(os.path.join(evaluation.files.folder, path))
        self.terragrunt: Unit | None = self._terragrunt()
        self.code = self._code()
        """The folder of the root module's files; elsewhere than `folder` when Terragrunt has a source."""
        self.unread = self.terragrunt.remote_source() if self.terragrunt else ""
        """The source of the code when it is not in the checkout: then nothing of the root is known."""
        self._configurations: dict[str, Configuration] = {}
        self._module: Module | None = None
        self._given: dict[str, Given] | None = None
        self._versions: dict[str, Versions] = {}
        self._installed: dict[str, str] | None = None
        self._locked: dict[str, str] | None = None
        self._context: Context | None = None

    @property
    def module(self) -> Module:
        """The root module."""
        if self._module is None:
            self._module = Module(self, self.configuration(self.code), self.code)
        return self._module

    def declarations(self) -> Iterator[Declaration]:
        """All resource and data instances; a root whose code is not here is entered in the ledger."""
        if self.unread:
            self.evaluation.ledger.unread.append((self.path, f"its source {self.unread} is not in the checkout"))
            return
        yield from self.module.declarations()

    def output(self, name: str, asked: Origin) -> Value:
        """An output of the root module; `asked` is where somebody refers to it, for a problem."""
        if self.unread:
            return Ref(f"{self.path}#outputs", (name,))
        value = self.module.output(name)
        if name not in self.module.configuration.outputs and isinstance(value, Error):
            self.evaluation.failed(value, "", asked)
        elif plain(value) is None:
            return Error(f"output {name} of root {self.path} is null, and so is not in its state")
        return value

    def outputs(self, asked: Origin) -> dict[str, Value]:
        """All outputs that the root's state has."""
        found = {name: self.output(name, asked) for name in self.module.configuration.outputs}
        return {name: value for name, value in found.items() if not _is_null(value)}

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        """Runs a function."""
        if self._context is None:
            self._context = context(self.evaluation, Path(self.code))
        return call_function(name, args, self._context)

    def given(self) -> dict[str, Given]:
        """What is given to the root's variables; an error for all of them while that is being worked out."""
        if self._given is None:
            self._given = Circular(self)
            self._given = {} if self.unread else variables.given(self)
        return self._given

    def versions(self, source: str) -> Versions:
        """The versions of a provider, by its source address."""
        if source not in self._versions:
            self._versions[source] = versions(self, source)
        return self._versions[source]

    # -- files

    def names(self) -> tuple[str, ...]:
        """The names of the files in the root's folder, those of its code's included."""
        own = self.evaluation.files.names(self.folder)
        if self.code == self.folder:
            return own
        return tuple(sorted({*own, *self.evaluation.files.names(self.code)}))

    def find(self, name: str) -> str:
        """The path of a file that `names` has; the root's own goes before its code's."""
        own = os.path.join(self.folder, name)
        return own if self.evaluation.files.is_file(own) else os.path.join(self.code, name)

    def configuration(self, folder: str) -> Configuration:
        """What the files of a folder declare, with those that Terragrunt generates there."""
        if folder not in self._configurations:
            found = self.evaluation.library.configuration((*self._files(folder), *self._supposed(folder)))
            for problem in found.problems:
                self.evaluation.report(problem)
            self._configurations[folder] = found
        return self._configurations[folder]

    def generates_in(self, folder: str) -> bool:
        """True when Terragrunt writes a file into the folder."""
        return any(os.path.dirname(path) == folder for path in self._generated())

    def installed(self) -> dict[str, str]:
        """The folders of modules that ``terraform init`` has fetched, by the names of the calls."""
        if self._installed is None:
            self._installed = self._read_installed()
        return self._installed

    def locked(self) -> dict[str, str]:
        """The provider versions that the lock file has, by source address."""
        if self._locked is None:
            path = os.path.join(self.folder, LOCK)
            found = self.evaluation.files.is_file(path)
            self._locked = locks(self.evaluation.library.file(self.evaluation.files, path).content) if found else {}
        return self._locked

    def _terragrunt(self) -> Unit | None:
        from ringfence.readers.terragrunt.unit import FILE, Unit

        if not any(self.evaluation.files.is_file(os.path.join(self.folder, name)) for name in FILE):
            return None
        return Unit(self.evaluation, self.folder)

    def _code(self) -> str:
        return (self.terragrunt.source() if self.terragrunt else None) or self.folder

    def _files(self, folder: str) -> Iterator[File]:
        files, library = self.evaluation.files, self.evaluation.library
        generated = {p: f for p, f in self._generated().items() if os.path.dirname(p) == folder}
        if folder == self.code:
            paths = {name: self.find(name) for name in self.names()}
        else:
            paths = {name: os.path.join(folder, name) for name in files.names(folder)}
        written = {os.path.basename(path): path for path in generated}
        for name in configuration_names((*paths, *written)):
            if name in written:
                yield generated[written[name]]
            elif not files.is_folder(paths[name]):
                yield library.file(files, paths[name])

    def _supposed(self, folder: str) -> Iterator[File]:
        """The files that a what-if lays over the root module."""
        for root, file in self.evaluation.world.change.files:
            if root == self.path and folder == self.code:
                yield self.evaluation.library.supposed(file)

    def _generated(self) -> dict[str, File]:
        return self.terragrunt.generated(self.code) if self.terragrunt else {}

    def _read_installed(self) -> dict[str, str]:
        import json

        path = os.path.join(self.folder, ".terraform", "modules", "modules.json")
        source = self.evaluation.files.read(path)
        if source is None:
            return {}
        try:
            listed: Any = json.loads(source)["Modules"]
            return {m["Key"]: os.path.normpath(os.path.join(self.folder, m["Dir"])) for m in listed}
        except (ValueError, KeyError, TypeError):
            name = self.evaluation.files.name(path)
            self.evaluation.refuse("this is not what terraform init writes: run it again", Origin(name))
            return {}


def _is_null(value: Value) -> bool:
    return isinstance(value, Error) and value.reason.endswith("is null, and so is not in its state")


def context(evaluation: Evaluation, folder: Path) -> Context:
    """What functions need to know of the files; relative paths start from `folder`."""
    from ringfence.readers.terraform.templates import render_template

    files = evaluation.files

    def read(path: Path) -> bytes | None:
        try:
            return files.read(path)
        except FileError:
            return None

    def template(text: str, variables: dict[str, Value], file: str) -> Value:
        return render_template(text, variables, file, lambda name, args: call_function(name, args, made))

    made = Context(folder, files.repository, read, files.is_file, files.below, template)
    return made
