"""The configuration that one folder declares, before anything is evaluated: all its files merged.

Owns which files count, override files and duplicate declarations; evaluation is `module`'s.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from ringfence.model.origin import Origin
from ringfence.model.world import Problem
from ringfence.readers.hcl.syntax import HclError
from ringfence.readers.terraform.content import Content, Merged, Native

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.readers.hcl.syntax import AttributeSyntax
    from ringfence.readers.hcl.syntax import Problem as SyntaxProblem

K = TypeVar("K")

SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json")

_MODES = {"resource": "managed", "data": "data", "ephemeral": "ephemeral"}
_LABELS = {"variable": 1, "output": 1, "module": 1, "provider": 1, "check": 1, **dict.fromkeys(_MODES, 2)}
_OTHER = ("terraform", "locals", "moved", "removed", "import", "action", *_LABELS)
"""The blocks that a file may have; an action says what is run beside a change, which declares nothing."""


Role: TypeAlias = Literal["", "override", "supposed"]


class File:
    """One parsed file.

    `role` is "override" when it lies over the others in its folder, "supposed" when it lies over those of the same
    name and its other blocks are added, "" for any other.
    """

    __slots__ = ("content", "name", "problems", "role")

    def __init__(self, name: str, content: Content, problems: tuple[Problem, ...] = (), *, role: Role = "") -> None:
        self.name = name
        self.content = content
        self.problems = problems
        self.role: Role = role


class Configuration:
    """What the files of one module declare, by name."""

    def __init__(self, files: Iterable[File]) -> None:
        self.variables: dict[str, Content] = {}
        self.outputs: dict[str, Content] = {}
        self.modules: dict[str, Content] = {}
        self.locals: dict[str, AttributeSyntax] = {}
        self.resources: dict[tuple[str, str, str], Content] = {}
        """By mode, type and name."""
        self.providers: list[Content] = []
        self.terraform: list[Content] = []
        self.checks: list[Content] = []
        self.moved: list[Content] = []
        self.removed: list[Content] = []
        self.imports: list[Content] = []
        self.problems: list[Problem] = []
        self.files: tuple[str, ...] = ()
        self.undeclared: tuple[Problem, ...] | None = None
        """What `references.undeclared` has found; it depends on nothing else."""
        self._named = {"variable": self.variables, "output": self.outputs, "module": self.modules}
        self._listed = {
            "provider": self.providers,
            "check": self.checks,
            "moved": self.moved,
            "removed": self.removed,
            "import": self.imports,
        }
        later = []
        for file in files:
            self.files += (file.name,)
            self.problems += file.problems
            if file.role:
                later.append(file)
            else:
                self._add(file)
        for file in later:
            self._override(file)

    def blocks(self) -> Iterable[Content]:
        """All blocks whose arguments may refer to something."""
        yield from self.resources.values()
        for group in (self.variables, self.outputs, self.modules):
            yield from group.values()
        yield from (*self.providers, *self.checks)

    def _add(self, file: File) -> None:
        content = file.content
        for name in content.names():
            if name not in _OTHER:
                self._refuse(_of(content, name), f"a block {name} means nothing here")
            elif name in _MODES:
                for block in content.blocks(name, 2):
                    self._add_resource(name, block)
            elif name in self._named:
                for block in content.blocks(name, 1):
                    self._declare(name, block)
            elif name == "locals":
                self._add_locals(content)
            elif name == "terraform":
                self.terraform += content.blocks(name)
            elif name != "action":
                self._listed[name] += content.blocks(name, _LABELS.get(name, 0))

    def _add_resource(self, type: str, block: Content) -> None:
        if len(block.labels) != 2:
            self._refuse(block.origin, f'a {type} has two labels: write {type} "TYPE" "NAME"')
            return
        key = (_MODES[type], *block.labels)
        if key in self.resources:
            self._twice(f"{type} {block.labels[0]}.{block.labels[1]}", block.origin, self.resources[key].origin)
        else:
            self.resources[key] = block

    def _declare(self, type: str, block: Content) -> None:
        if len(block.labels) != 1:
            self._refuse(block.origin, f'a {type} has one label: write {type} "NAME"')
            return
        known, name = self._named[type], block.labels[0]
        if name in known:
            self._twice(f"{type} {name}", block.origin, known[name].origin)
        else:
            known[name] = block

    def _add_locals(self, content: Content) -> None:
        for block in content.blocks("locals"):
            for name in block.names():
                syntax = block.attribute(name)
                if syntax is not None and name in self.locals:
                    self._twice(f"local {name}", syntax.origin(), self.locals[name].origin())
                elif syntax is not None:
                    self.locals[name] = syntax

    def _override(self, file: File) -> None:
        content = file.content
        for name in content.names():
            if name == "terraform":
                for block in content.blocks(name):
                    self.terraform = [*self.terraform, block]
            elif name == "locals":
                self._override_locals(content)
            elif name in _LABELS:
                for block in content.blocks(name, _LABELS[name]):
                    self._override_block(name, block, adds=file.role == "supposed")

    def _override_locals(self, content: Content) -> None:
        for block in content.blocks("locals"):
            self.locals.update((n, s) for n in block.names() if (s := block.attribute(n)) is not None)

    def _override_block(self, what: str, block: Content, *, adds: bool) -> None:
        if what == "provider":
            self.providers.append(block)
        elif what in _MODES:
            kind, label = (*block.labels, "", "")[:2]
            self._lay_over(self.resources, (_MODES[what], kind, label), block, f"{what} {kind}.{label}", adds=adds)
        elif what in self._named and block.labels:
            self._lay_over(self._named[what], block.labels[0], block, f"{what} {block.labels[0]}", adds=adds)

    def _lay_over(self, known: dict[K, Content], key: K, block: Content, what: str, *, adds: bool) -> None:
        if key in known:
            known[key] = Merged(known[key], block)
        elif adds:
            known[key] = block
        else:
            self._refuse(block.origin, f"{what} overrides nothing: declare it in a file that is no override")

    def _twice(self, what: str, origin: Origin, first: Origin) -> None:
        self._refuse(origin, f"{what} is declared twice, first at {first}: rename or remove one")

    def _refuse(self, origin: Origin, message: str) -> None:
        self.problems.append(Problem(message, origin))


_LABELS = {
    "resource": 2,
    "data": 2,
    "module": 1,
    "variable": 1,
    "output": 1,
    "provider": 1,
    "locals": 0,
    "terraform": 0,
}
"""How many labels the blocks of a configuration have."""


def is_override(name: str) -> bool:
    """True for ``override.tf`` and ``*_override.tf``, and the same in JSON."""
    stem = name.rpartition("/")[2].partition(".")[0]
    return stem == "override" or stem.endswith("_override")


def configuration_names(names: Iterable[str]) -> list[str]:
    """The files among these that make up a configuration; Terraform's goes before OpenTofu's of the same name."""
    found = sorted(set(filter(is_configuration, names)))
    return [n for n in found if ".tofu" not in n or n.replace(".tofu", ".tf") not in found]


def is_configuration(name: str) -> bool:
    """True for the files that Terraform reads in a folder: not hidden ones, nor an editor's."""
    return name.endswith(SUFFIXES) and not name.startswith((".", "#")) and not name.endswith("~")


def parse_file(source: bytes, name: str, path: str = "") -> File:
    """The file in its syntax; each thing that is wrong is a problem, and the rest is kept.

    `path` is where it counts as being when that is elsewhere than `name`, which messages say.
    """
    role: Role = "override" if is_override(path or name) else ""
    if (path or name).endswith(".json"):
        from ringfence.readers.terraform.json import parse_json

        try:
            content = parse_json(source, name)
        except HclError as error:
            return failed(name, problem(error.problem))
        labels = _LABELS if is_configuration((path or name).rpartition("/")[2]) else {}
        wrong = tuple(problem(error.problem) for error in content.misshapen(labels))
        return File(name, content, wrong, role=role)
    from ringfence.readers.hcl.parse import parse

    parsed = parse(source, name)
    return File(name, Native(parsed.body), tuple(map(problem, parsed.problems)), role=role)


def failed(name: str, *problems: Problem) -> File:
    """A file of which nothing could be read."""
    from ringfence.readers.hcl.syntax import BodySyntax

    return File(name, Native(BodySyntax()), problems)


def problem(found: SyntaxProblem) -> Problem:
    """A parser's problem as the ledger has it."""
    return Problem(found.message, Origin(found.file, found.line, found.column))


def _of(content: Content, type: str) -> Origin:
    found = content.blocks(type)
    if found:
        return found[0].origin
    syntax = content.attribute(type)
    return syntax.origin() if syntax else content.origin
