"""A platform on the bench: what it is configured to be, declares, builds and answers, each made when it is asked for.

A bench may carry a mutation; then everything is that of the broken platform.
"""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ringfence.builders.terraform import build
from ringfence.builders.terraform.block import Writer
from ringfence.builders.terraform.expression import Expressions
from ringfence.builders.terraform.page import Page
from ringfence.builders.terraform.providers import VERSIONS
from ringfence.described import TRIED, evidence
from ringfence.mapping.blueprint import declarations
from ringfence.mapping.link import link
from ringfence.model.blueprint import Block, Blueprint, Declared
from ringfence.model.symbol import Apply, Input, Ref, Text
from ringfence.model.world import Change, Ledger, World
from ringfence.platforms import folder, platform, shipped
from tests.requirements.mutation import Configured, Mutation, NothingBrokenError, both, meant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from ringfence.adherence.assessment import Assessment
    from ringfence.adherence.claims import Claim
    from ringfence.adherence.comparison import Comparison
    from ringfence.adherence.decisions import Decision
    from ringfence.adherence.finding import Row
    from ringfence.adherence.sentence import Held, Sentence
    from ringfence.benchmarks.benchmark import Benchmark
    from ringfence.builders.terraform import Built
    from ringfence.documents.ask.row import Row as Answer
    from ringfence.documents.platform.subject import Subject
    from ringfence.mapping.declaration import Declaration
    from ringfence.model.blueprint import Argument
    from ringfence.model.estate import Estate
    from ringfence.model.register import Register
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Verdict

T = TypeVar("T")
TODAY = date(2026, 11, 22)
"""The day on which decisions are judged here, so that a test means the same on any day."""

SOUND = Mutation()
HERE = Path(__file__).parent.parent.parent
DOCUMENTS, TERRAFORM = HERE / "docs" / "platforms", "terraform"
"""Where the documents of the platforms are kept, and the folder beside them of the Terraform that they point at."""

CLAIMS = "claims.md"
DEFINITION = "definition"
"""Where the documents expect the Terraform, from their own folder."""


class Bench:
    """One platform, sound or broken."""

    def __init__(
        self,
        name: str,
        mutation: Mutation = SOUND,
        source: Callable[[str], Blueprint] | None = None,
        strict: bool = True,
    ) -> None:
        """`strict`: a mutation that finds nothing to break is a mistake, at least in production."""
        self.name = name
        self._strict = strict
        self.mutation = mutation
        self._source = source
        self._made: dict[tuple[str, str], Any] = {}

    def _once(self, what: str, world: str, make: Callable[[], Any]) -> Any:
        if (what, world) not in self._made:
            self._made[what, world] = make()
        return self._made[what, world]

    @property
    def worlds(self) -> tuple[str, ...]:
        """The worlds that ship, production first."""
        return platform(self.name).WORLDS

    # -- what is declared

    def blueprint(self, world: str = "") -> Blueprint:
        """What the platform declares in a world, the production world when none is named."""
        found: Blueprint = self._once("blueprint", world, lambda: self._reduced(world))
        return found

    def _declared(self, world: str) -> Blueprint:
        if self._source:
            blueprint = self._source(world)
        else:
            files = self.mutation.configure(shipped(self.name, world or self.worlds[0]))
            blueprint = platform(self.name).blueprint(files)
        try:
            self.mutation.declare(blueprint)
        except (LookupError, NothingBrokenError):
            if self._strict and (not world or world == self.worlds[0]):
                raise  # elsewhere there may be nothing of the kind to break
        return blueprint

    def _reduced(self, world: str) -> Blueprint:
        """Without the blocks that the mutation takes away."""
        blueprint = self._declared(world)
        for gone in self._gone(blueprint):
            gone.file.declared.remove(gone)
            del gone.file.layer._declared[gone.mode, gone.type, gone.name]  # nothing else takes one away
        return blueprint

    def _gone(self, blueprint: Blueprint) -> list[Declared]:
        without = self.mutation.without()
        return [d for d in blueprint.declared.values() if any(meant(d, address) for address in without)]

    def configured(self, text: str) -> Bench:
        """The same platform with one more file of configuration laid over the others."""
        return self.grown(Configured(text))

    def grown(self, more: Mutation, *, first: bool = False) -> Bench:
        """The same platform with something more done to it, after its own mutation or before it."""
        sound = self.mutation is SOUND
        parts = (more, self.mutation) if first else (self.mutation, more)
        return Bench(self.name, more if sound else both(*parts), self._source, sound and self._strict)

    def register(self, world: str = "") -> Register:
        """What the platform says of itself beside its resources."""
        return self.blueprint(world).register

    def blocks(self, type: str = "", world: str = "") -> list[Declared]:
        """The blocks of a type, of all types when none is named."""
        return [d for d in self.blueprint(world).declared.values() if type in ("", d.type)]

    def block(self, address: str, world: str = "") -> Declared:
        """The one block that an address means; see `mutation.meant`."""
        here = [d for d in self.blocks(world=world) if meant(d, address)]
        assert len(here) == 1, f"{len(here)} blocks are {address}"
        return here[0]

    def has(self, address: str, world: str = "") -> bool:
        """Some block is meant by an address."""
        return any(meant(d, address) for d in self.blocks(world=world))

    def written(self, address: str, world: str = "") -> list[str]:
        """The arguments as they are built, such as ``network_rules.default_action = "Deny"``."""
        return written(self.block(address, world))

    def text(self, address: str, world: str = "") -> str:
        """The block as the build writes it; what other layers have is named by its address."""
        page = Page()
        Writer(page, Expressions(_address)).declared(self.block(address, world))
        return page.text

    def manifest(self, address: str, world: str = "") -> Any:
        """What the cluster is told by a block: plain data, references in it as Terraform writes them."""
        body: Any = self.block(address, world).arguments["yaml_body"]
        return _plain(body.args[0])

    def manifests(self, kind: str, layer: str = "") -> dict[str, Any]:
        """What the clusters are told of one kind, by the key of the block."""
        told = {d.key: _plain(d.arguments["yaml_body"].args[0])  # type: ignore[union-attr]  # always yamlencode(…)
                for d in self.blocks("kubectl_manifest") if layer in ("", d.file.layer.name)}  # fmt: skip
        return {key: one for key, one in told.items() if one["kind"] == kind}

    # -- what it comes to

    def estate(self, world: str = "") -> Estate:
        """The estate that the platform declares; places are those of its build."""
        found: Estate = self._once("estate", world, lambda: self.changed(Change(), world))
        return found

    def changed(self, change: Change, world: str = "") -> Estate:
        """The estate with a change more.

        What the mutation takes away is left out here, as in a what-if: what refers to it has lost its end.
        """
        whole, declared = self._once("whole", world, lambda: self._whole(world))
        gone = Change(tuple(d.key for d in self._gone(whole)))
        return link(World(whole.world, change=gone.then(change)), declared, Ledger())

    def _whole(self, world: str) -> tuple[Blueprint, tuple[Declaration, ...]]:
        whole = self._declared(world) if self.mutation.without() else self.blueprint(world)
        return whole, tuple(declarations(whole, build(whole).where, VERSIONS))

    def built(self, world: str = "") -> Built:
        """The Terraform of the build, and where in it each block is."""
        found: Built = self._once("built", world, lambda: build(self.blueprint(world)))
        return found

    def resource(self, address: str, world: str = "") -> Resource:
        """The resource that a block declares."""
        return self.estate(world).resources[self.block(address, world).key]

    def verdict(self, check: str, address: str, world: str = "") -> Verdict:
        """What one check says of one resource."""
        from ringfence.checks.check import checks

        resource = self.resource(address, world)
        return checks()[check].verdict(resource, self.estate(world), benchmark().parameters(check))

    def row(self, item: str, address: str, world: str = "") -> Row:
        """An item on a resource, with the status that the platform's decisions give it."""
        key = self.block(address, world).key
        rows = [r for r in self.rows(item, world) if r.resource.key == key]
        assert len(rows) == 1, f"{len(rows)} rows of {item} are on {address}"
        return rows[0]

    def rows(self, item: str, world: str = "") -> list[Row]:
        """An item on every resource that it concerns."""
        found: list[Row] = self._once(f"rows {item}", world, lambda: self._assessed(item, world))
        return found

    def _assessed(self, item: str, world: str) -> list[Row]:
        from ringfence.adherence.assessment import Judged, assess
        from ringfence.checks.check import checks

        estate, known = self.estate(world), checks()
        judged = [
            (known[c], r, known[c].verdict(r, estate, benchmark().parameters(c)))
            for c in benchmark().items[item].checks
            for r in known[c].resources(estate)
        ]
        result = assess(
            [Judged(estate, tuple(judged))], benchmark(), self.decisions, TODAY, system=self.name, items=(item,)
        )
        return result.rows_of(item)

    def rows_of(self, key: str) -> dict[str, Row]:
        """The rows of one resource by item, or by check where no item names it; also of what is made behind one."""
        rows = (r for r in self.assessment().rows if r.resource.key == key)
        return {r.item or r.parts[0].check.id: r for r in rows}

    def compared(self, item: str, label: str) -> Comparison:
        """What the document claims of an item on a subject, held against what is measured."""
        found = [c for c in self.assessment().claims if c.item == item and c.claim.subject.label == label]
        assert len(found) == 1, f"{len(found)} claims are on {item} of {label}"
        return found[0]

    def answers(self, name: str, world: str = "", **words: Any) -> list[Answer]:
        """The answers to a question, as ``ringfence ask`` gives them."""
        from ringfence.ask import Question

        return Question(name, **words).answer(self.estate(world))

    def holds(self, form: str, world: str = "", **words: str | tuple[str, ...]) -> Held:
        """What comes of a claim: ``unreachable``, ``only``, ``kept`` … A word that Python keeps ends in ``_``."""
        from ringfence.adherence.sentence import Sentence
        from ringfence.claims import held

        said = {k.rstrip("_"): (v,) if isinstance(v, str) else v for k, v in words.items()}
        return held(Sentence("", form, said), self.estate(world))  # type: ignore[arg-type]  # a form is one of the words

    def assessment(self, world: str = "") -> Assessment:
        """All rows of a world against the decisions, and the claims of the document against the rows."""
        found: Assessment = self._once("assessment", world, lambda: self._assessed_in(world))
        return found

    def _assessed_in(self, *worlds: str) -> Assessment:
        from ringfence.adherence.assessment import assess
        from ringfence.adherence.claims import bare
        from ringfence.adherence.compare import compare
        from ringfence.adherence.measure import measure
        from ringfence.adherence.properties import statements
        from ringfence.prove import judge

        judged = [judge(self.estate(world), benchmark()) for world in worlds]
        result = assess(judged, benchmark(), self.decisions, TODAY, system=self.name, worlds=self.worlds)
        result.claims, result.omissions = compare(self.claims, result, (self.worlds[0],))
        stated = tuple(statements(self.read(CLAIMS), CLAIMS))
        result.claims += measure(stated, result.estates) if stated else ()
        if not any(c.item for c in result.claims):
            result.omissions = ()
        result.document = CLAIMS
        result.bare = tuple((CLAIMS, subject) for subject in bare(self.read(CLAIMS)))
        return result

    @property
    def sentences(self) -> tuple[Sentence, ...]:
        """The claims that the platform makes of itself as a whole."""
        from ringfence.adherence.sentence import read_sentences

        found: tuple[Sentence, ...] = self._once("sentences", "", lambda: self._file(read_sentences))
        return found

    # -- what is written of it

    def subject(self, world: str = "") -> Subject:
        """What the platform's documents are made from; the other worlds are left aside."""
        return self._subject(world, self.assessment(world))

    def _subject(self, world: str, assessment: Assessment) -> Subject:
        from ringfence.documents.platform.subject import Subject

        return Subject(self.blueprint(world), assessment, self.built(world).where, DEFINITION)

    def every_world(self, name: str) -> str:
        """A page with what it says of the other worlds."""
        from ringfence.documents.platform.pages import pages

        whole = self._assessed_in(*self.worlds)
        return self.mutation.read(name, pages(self._subject("", whole))[name])

    def pages(self, world: str = "") -> Mapping[str, str]:
        """The pages of the platform's documents by file name, such as ``identities.md``."""
        from ringfence.documents.platform.pages import pages

        found: Mapping[str, str] = self._once("pages", world, lambda: pages(self.subject(world)))
        return found

    def page(self, name: str) -> str:
        """One page, as it is kept in the repository."""
        return self.mutation.read(name, self.pages()[name])

    def kept(self, name: str) -> str:
        """A page as it is kept in the repository; a mutation of ``kept/NAME`` is one of somebody's own hand."""
        return self.mutation.read(f"kept/{name}", (DOCUMENTS / self.name / name).read_text(encoding="utf-8"))

    def anew(self) -> Mapping[str, str]:
        """The pages as they would be written into the repository now; that of switches has no table here."""
        from ringfence.documents.platform.pages import pages
        from ringfence.documents.platform.subject import TITLES, Subject

        whole = self._assessed_in(*self.worlds)
        whole.system = TITLES[self.name]
        whole.sentences = tuple(self._claimed(whole.estates))
        tried = evidence(DOCUMENTS / self.name / TRIED, self.estate())
        return pages(Subject(self.blueprint(), whole, self.built().where, TERRAFORM, tried=tried))

    def _claimed(self, estates: Mapping[str, Estate]) -> Iterator[Held]:
        """What comes of the claims that the platform makes of itself, then of those that its configuration makes."""
        from ringfence.adherence.sentence import parse_sentences
        from ringfence.claims import held

        for one in self.sentences:
            yield from (held(one, estate) for world, estate in estates.items() if one.in_world(world))
        for world, estate in estates.items():
            files = self.mutation.configure(shipped(self.name, world))
            yield from (held(one, estate) for one in parse_sentences(platform(self.name).claims(files), world))

    def table(self, name: str, first: str) -> list[list[str]]:
        """The rows of the tables of a page whose header begins with this cell; cells without their marks."""
        return table(self.page(name), first)

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The rows that the platform's document claims."""
        from ringfence.adherence.claims import claims

        found: tuple[Claim, ...] = self._once("claims", "", lambda: tuple(claims(self.read(CLAIMS), CLAIMS)))
        return found

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The platform's decisions."""
        from ringfence.adherence.decisions import read_decisions

        found: tuple[Decision, ...] = self._once("decisions", "", lambda: self._file(read_decisions))
        return found

    def _file(self, reader: Callable[[Path, str], T]) -> T:
        """What a reader makes of the decisions file, which may be a broken one."""
        from tempfile import TemporaryDirectory

        with TemporaryDirectory() as there:
            path = Path(there) / "decisions.yaml"
            path.write_text(self.read("decisions.yaml"), encoding="utf-8")
            return reader(path, "decisions.yaml")

    def read(self, name: str) -> str:
        """A file that ships with the platform."""
        return self.mutation.read(name, (folder(self.name) / name).read_text(encoding="utf-8"))


def table(page: str, first: str) -> list[list[str]]:
    """The cells of every row of the tables of a page whose header begins with this cell.

    Raises:
        AssertionError: there is no such table.
    """
    lines = page.splitlines()
    starts = [n + 2 for n, line in enumerate(lines) if line.startswith(f"| {first} |")]
    assert starts, f"the page has no table of {first}"
    return [_cells(row) for n in starts for row in takewhile(lambda one: one.startswith("|"), lines[n:])]


def _cells(row: str) -> list[str]:
    """Links as their texts, code as it is."""
    inside = row.strip().strip("|").replace("\\|", "\0")
    plain = (re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", cell).replace("`", "").strip() for cell in inside.split("|"))
    return [cell.replace("\0", "|") for cell in plain]


def written(declared: Declared) -> list[str]:
    """Each argument of a block with its path, its value as Terraform writes it on one line."""
    return list(_written(declared.arguments, ""))


def _written(arguments: Mapping[str, Argument], path: str) -> Iterator[str]:
    for name, argument in arguments.items():
        if isinstance(argument, Block):
            yield from _written(argument.arguments, f"{path}{name}.")
        elif isinstance(argument, list):
            for one in argument:
                yield from _written(one.arguments, f"{path}{name}.")
        else:
            lines = Expressions(_address).lines(argument)
            yield f"{path}{name} = {' '.join(line.strip() for line in lines)}"


def _plain(value: Any) -> Any:
    """Mappings, lists, texts; a symbol is the expression that stands for it."""
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    if isinstance(value, (Ref, Input, Text, Apply)):
        return " ".join(Expressions(_address).lines(value)).strip('"').replace("\\n", "\n")
    return value


def _address(ref: Ref) -> str:
    """A reference as its own layer would write it."""
    address = ref.key.partition("#")[2]
    return address + "".join(f"[{step}]" if step.isdigit() else f".{step}" for step in ref.path)


@cache
def benchmark() -> Benchmark:
    """The benchmark of FlowEHR's document."""
    from ringfence.benchmarks.benchmark import load

    return load("cis-azure-2.0.0")


@cache
def sound(name: str) -> Bench:
    """The platform as it ships, shared by all tests."""
    return Bench(name)
