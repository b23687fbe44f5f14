"""The main job: settings and source become estates, estates verdicts, verdicts an assessment.

The one place where translating and judging meet, apart from the command line.
"""

from __future__ import annotations

import gc
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from ringfence.adherence.assessment import Assessment, Judged, assess
from ringfence.errors import CheckError, InputError, UsageError
from ringfence.record import field, record, replace

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from datetime import date

    from ringfence.adherence.decisions import Decision
    from ringfence.adherence.sentence import Held, Sentence
    from ringfence.benchmarks.benchmark import Benchmark
    from ringfence.checks.check import Check
    from ringfence.config import Settings
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.model.verdict import Verdict
    from ringfence.model.world import World

BENCHMARK = "cis-azure-2.0.0"
"""What is proved when nobody says otherwise."""

DECISIONS = ("adherence.yaml", "adherence.yml", "decisions.yaml", "decisions.yml")
"""Where decisions are looked for when no setting names the file."""

JSON = (".json", ".jsonl", ".ndjson")
"""The ends of files that may be given instead of a folder."""

DOCUMENTS = ("CIS-Adherence.md", "ADHERENCE.md", "docs/CIS-Adherence.md", "docs/adherence.md")
"""Where a document is looked for when no setting names it."""


@record(frozen=False)
class Request:
    """What the command line asks for; empty fields leave it to the settings."""

    folder: Path
    worlds: tuple[str, ...] = ()
    benchmark: str = ""
    items: tuple[str, ...] = ()
    decisions: str = ""
    document: str = ""
    plan: str = ""
    inherit_env: bool = False
    platform: str = ""
    """One of the platforms that ship, instead of a folder."""
    config: tuple[str, ...] = ()
    """The files of a configuration of one's own for the platform, later ones over earlier; none for those that ship."""
    settings: str = ""
    """A settings file that is kept elsewhere; "" for the `ringfence.toml` of the folder."""
    today: date | None = None
    undecided: bool = False
    """Leave the decisions aside: they are about to be made."""
    progress: Callable[[str], None] = field(default=lambda _: None)


def prove(request: Request) -> Assessment:
    """The assessment of the estate in a folder (or in a plan), for the worlds that are asked for.

    Raises:
        RingfenceError: something that was given cannot be used.
    """
    start = perf_counter()
    was_on = gc.isenabled()
    gc.disable()  # an estate is made once and kept: collecting while it grows only costs time
    try:
        result = _prove(request)
    finally:
        if was_on:
            gc.enable()
    result.seconds = perf_counter() - start
    return result


def _prove(request: Request) -> Assessment:
    settings = settings_of(request)
    benchmark = benchmark_of(request, settings)
    items = _wanted(request.items, benchmark)
    decisions = () if request.undecided else _decisions(request, settings)
    judged = [judge(estate, benchmark, request.progress) for estate in estates(request, settings)]
    day = request.today or today()
    worlds = () if request.plan else tuple(w.name for w in settings.worlds)
    result = assess(judged, benchmark, decisions, day, system=settings.name, items=items, worlds=worlds)
    result.sentences = tuple(_held(request, settings, result))
    _compare(result, request, settings)
    _miss(result, request, settings)
    return result


def _miss(result: Assessment, request: Request, settings: Settings) -> None:
    """Warns of a file that the settings name and that is not there: nothing is left aside in silence."""
    from ringfence.model.origin import Origin
    from ringfence.model.world import Problem

    named = (
        ("decisions", settings.decisions, request.decisions or request.undecided, "adopt DOCUMENT.md"),
        ("document", settings.document, request.document, "document"),
    )
    for what, name, instead, command in named:
        if name and not instead and not (settings.folder / name).exists():
            message = f"{what} names {name}, which is not there: ringfence {command} writes it"
            ledger = next(iter(result.estates.values())).ledger
            ledger.problems.append(Problem(message, Origin("ringfence.toml"), "warning"))


def settings_of(request: Request) -> Settings:
    """The settings of the folder, with the environment of the shell where that is asked for."""
    from ringfence.config import FILE, load

    if request.platform:
        from ringfence import declared

        return declared.settings(request.platform, request.config)
    folder = request.folder
    if not folder.exists():
        raise UsageError(f"there is no folder {folder}", hint="Give the folder that holds the Terraform.")
    if not folder.is_dir() and folder.suffix.casefold() not in JSON:
        hint = f"Give its folder, {folder.parent}; a plan, a template or an export is a .json or .jsonl file."
        raise UsageError(f"{folder} is a file", hint=hint)
    elsewhere = Path(request.settings) if request.settings else None
    settings = load(folder if folder.is_dir() else folder.parent, elsewhere)
    if not folder.is_dir() and not elsewhere and not (folder.parent / FILE).exists():
        settings = replace(settings, name=folder.name.partition(".")[0])
    if request.inherit_env:
        import os

        settings = settings.inheriting(os.environ)
    return settings


def worlds_of(request: Request, settings: Settings) -> tuple[World, ...]:
    """The worlds asked for, all of them when none is."""
    return tuple(settings.world(name) for name in dict.fromkeys(request.worlds)) or settings.worlds


def benchmark_of(request: Request, settings: Settings) -> Benchmark:
    """The benchmark asked for, else the first of the settings."""
    from ringfence.benchmarks.benchmark import BenchmarkError, load

    name = request.benchmark or (settings.benchmarks[0] if settings.benchmarks else BENCHMARK)
    try:
        return load(name)
    except BenchmarkError as error:
        raise UsageError(str(error)) from error


def estates(request: Request, settings: Settings) -> Iterable[Estate]:
    """One estate for each world; that of a plan for the only world there is.

    The path may be a plan, a template or an export; and a folder without Terraform may hold templates and exports.
    """
    if request.platform:
        from ringfence import declared

        worlds = tuple(w.name for w in worlds_of(request, settings))
        yield from declared.estates(request.platform, worlds, request.config, request.today or today())
        return
    from ringfence.mapping.link import link
    from ringfence.model.world import Ledger

    plan = Path(request.plan) if request.plan else _given_plan(request.folder)
    if plan is not None:
        yield _planned(plan, request, settings)
        return
    if request.folder.is_file():
        yield from _of_arm((request.folder,), request, settings)
        return
    from ringfence.readers.terraform.source import Source

    source = Source(request.folder, settings.roots, (w.overlay for w in settings.worlds))
    for world in worlds_of(request, settings):
        request.progress(f"reading {world.name}")
        ledger = Ledger()
        estate = link(world, source.declarations(world, ledger), ledger)
        if not (ledger.read or ledger.skipped or ledger.problems or source.roots(world)):
            exports = _exports(request.folder)
            if exports:
                yield from _of_arm(exports, request, settings)
                return
            hint = "Give the folder that holds the .tf files, or name the roots in ringfence.toml."
            raise InputError("no Terraform was found here", where=str(request.folder), hint=hint)
        yield estate


def _given_plan(path: Path) -> Path | None:
    """The path when it is a plan in JSON."""
    if not path.is_file():
        return None
    from ringfence.readers.arm import is_plan

    return path if is_plan(path) else None


def _planned(plan: Path, request: Request, settings: Settings) -> Estate:
    from ringfence.mapping.link import link
    from ringfence.model.world import Ledger, World
    from ringfence.readers.plan import declarations

    world = worlds_of(request, settings)[0] if request.worlds else World("plan")
    ledger = Ledger()
    return link(world, declarations(plan, ledger), ledger)


def _exports(folder: Path) -> tuple[Path, ...]:
    from ringfence.readers.arm import files

    return files(folder)


def _of_arm(paths: tuple[Path, ...], request: Request, settings: Settings) -> Iterable[Estate]:
    """One estate of all files for each world: a world's variables are values of a template's parameters."""
    from ringfence.mapping.arm.link import link
    from ringfence.model.world import Ledger
    from ringfence.readers.arm import items

    folder = request.folder if request.folder.is_dir() else request.folder.parent
    for world in worlds_of(request, settings):
        request.progress(f"reading {world.name}")
        ledger = Ledger()
        more = (Path(file) for _, file in world.change.files)  # a supposition: objects that come to these
        estate = link(world, items((*paths, *more), folder, world, ledger), ledger)
        if not (ledger.read or ledger.problems or ledger.unread):
            hint = "Templates have a $schema and resources; exports have rows with an id."
            raise InputError("no resources were found here", where=str(request.folder), hint=hint)
        yield estate


def judge(estate: Estate, benchmark: Benchmark, progress: Callable[[str], None] = lambda _: None) -> Judged:
    """Every check on every resource of its kind."""
    from ringfence.checks.check import checks

    progress(f"judging {estate.world.name}")
    verdicts: list[tuple[Check, Resource, Verdict]] = []
    for check in checks().values():
        resources = check.resources(estate)
        if resources:
            parameters = benchmark.parameters(check.id)
            verdicts.extend((check, r, _verdict(check, r, estate, parameters)) for r in resources)
    return Judged(estate, tuple(verdicts))


def _verdict(check: Check, resource: Resource, estate: Estate, parameters: dict[str, object]) -> Verdict:
    try:
        return check.verdict(resource, estate, parameters)
    except Exception as error:  # a check never raises: if one does, there is no result that could be trusted
        where = resource.origin
        problem = f"check {check.id} broke on {resource.key}: {type(error).__name__}: {error}"
        raise CheckError(problem, where=where, hint="This is our mistake: please report it.") from error


def _wanted(items: Sequence[str], benchmark: Benchmark) -> tuple[str, ...]:
    """The items asked for: a number, or a section, which stands for all of its items."""
    found: list[str] = []
    for item in items:
        number = item.removeprefix("CIS ").strip()
        inside = [i for i in benchmark.items if i == number or i.startswith(number + ".")]
        if not inside:
            raise UsageError(f"{benchmark.id} has no item {item}", hint="ringfence explain lists them.")
        found.extend(inside)
    return tuple(found)


def _decisions(request: Request, settings: Settings) -> tuple[Decision, ...]:
    from ringfence.adherence.decisions import read_decisions

    path = decisions_path(request, settings)
    if path is None:
        return ()
    return read_decisions(path, shown(path, request.folder))


def _held(request: Request, settings: Settings, result: Assessment) -> Iterator[Held]:
    """What each claim of one's own comes to in each world that it is made of; none when single items are asked for."""
    path = decisions_path(request, settings)
    if path is None or request.undecided or request.items:
        return
    from ringfence.adherence.sentence import read_sentences
    from ringfence.claims import held

    for sentence in read_sentences(path, shown(path, request.folder)):
        yield from (held(sentence, e) for world, e in result.estates.items() if sentence.in_world(world))
    for world, estate in result.estates.items() if request.platform else ():
        yield from (held(sentence, estate) for sentence in _of_configuration(request, world))


def _of_configuration(request: Request, world: str) -> tuple[Sentence, ...]:
    """What a platform says of what only its configuration in this world has."""
    from ringfence.adherence.sentence import parse_sentences
    from ringfence.declared import texts
    from ringfence.platforms import platform

    files = texts(request.platform, "" if request.config else world, request.config)
    return parse_sentences(platform(request.platform).claims(files), next(reversed(files)))


def decisions_path(request: Request, settings: Settings) -> Path | None:
    """The decisions file: the one asked for, the settings' or one of the usual names; None when there is none."""
    return _file(request.decisions, settings.decisions, DECISIONS, request.folder, "decisions file")


def document_path(request: Request, settings: Settings) -> Path | None:
    """The adherence document, likewise."""
    return _file(request.document, settings.document, DOCUMENTS, request.folder, "document")


def _file(asked: str, setting: str, usual: Iterable[str], folder: Path, what: str) -> Path | None:
    if asked:
        path = Path(asked)
        if not path.exists():
            raise UsageError(f"there is no {what} {asked}", hint="Give a path from the current folder.")
        return path
    if setting:
        return folder / setting if (folder / setting).exists() else None
    return next((folder / name for name in usual if (folder / name).is_file()), None)


def shown(path: Path, folder: Path) -> str:
    """The path as a report prints it: from the estate's folder where it is inside."""
    try:
        return path.resolve().relative_to(folder.resolve()).as_posix()
    except ValueError:
        return path.as_posix()


def _compare(result: Assessment, request: Request, settings: Settings) -> None:
    """Adds the claims of the document, when there is one."""
    path = document_path(request, settings)
    if path is None:
        return
    from ringfence.adherence.claims import bare, claims
    from ringfence.adherence.compare import compare
    from ringfence.adherence.properties import statements

    result.document = shown(path, request.folder)
    if _is_generated(path):
        _warn_of_stale(result, path, request, settings)
        return
    texts = {shown(p, request.folder): read_text(p, shown(p, request.folder)) for p in _texts(path)}
    found = [c for name, text in texts.items() for c in claims(text, name)]
    result.bare = tuple((name, subject) for name, text in texts.items() for subject in bare(text))
    result.claims, result.omissions = compare(found, result, settings.documented)
    stated = () if result.items else tuple(s for name, text in texts.items() for s in statements(text, name))
    if stated:
        from ringfence.adherence.measure import measure

        result.claims += measure(stated, result.estates)
    if not any(c.item for c in result.claims):
        result.omissions = ()  # a document without items leaves none out


def _is_generated(path: Path) -> bool:
    """The document is our own: what it says is what was measured, and not a claim of somebody."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(30) == b"<!-- Generated by `ringfence d"


def _warn_of_stale(result: Assessment, path: Path, request: Request, settings: Settings) -> None:
    """Warns when the generated document is no longer what would be written; one of everything, as it is made."""
    from ringfence.documents.table import table
    from ringfence.model.origin import Origin
    from ringfence.model.world import Problem

    whole = result.worlds == tuple(w.name for w in settings.worlds) and not (request.items or request.plan)
    if whole and result.exit != 2 and read_text(path, result.document) != table(result, result.document):
        ledger = next(iter(result.estates.values())).ledger
        message = "this document is stale: ringfence document writes it anew"
        ledger.problems.append(Problem(message, Origin(result.document), "warning"))


def _texts(path: Path) -> tuple[Path, ...]:
    """The document; of a folder, all documents in it."""
    if not path.is_dir():
        return (path,)
    return tuple(sorted(p for p in path.rglob("*") if p.suffix in (".md", ".txt") and p.is_file()))


def read_text(path: Path, name: str) -> str:
    """The content of a document.

    Raises:
        InputError: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise InputError("is not UTF-8", where=name, hint="Save it as UTF-8.") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=name) from None


def today() -> date:
    """The day in UTC."""
    from datetime import UTC, datetime

    return datetime.now(UTC).date()
