"""``ringfence document``: write the adherence document, say whether it is stale, or compare it with the code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.errors import InputError, UsageError

if TYPE_CHECKING:
    from ringfence.adherence.assessment import Assessment

STALE = 3


def run(options: Any) -> int:
    """Does what the options ask; 3 when a document is stale or says otherwise than the code."""
    from ringfence.cli.request import requested
    from ringfence.prove import prove

    if options.check and options.claims:
        raise UsageError("--check and --claims are two questions", hint="Ask one after the other.")
    if options.platform and not options.claims:
        from ringfence.cli import describe

        return describe.run(options)
    request, progress = requested(options)
    try:
        assessment = prove(request)
    finally:
        progress.end()
    if options.claims:
        return _claims(assessment, options)
    _refuse_partial(assessment)
    path, name = _target(options, assessment)
    return _check(path, name, assessment) if options.check else _write(path, name, assessment, force=options.force)


def _claims(assessment: Assessment, options: Any) -> int:
    from ringfence.cli.terminal import page
    from ringfence.documents.claims import claims

    if not assessment.document:
        hint = 'Name it with --document FILE, or with document = "…" in ringfence.toml.'
        raise UsageError("there is no document to compare with", hint=hint)
    sys.stdout.write(claims(assessment, page(options)))
    if assessment.exit == 2:
        return 2
    return STALE if any(c.agrees is False and not c.better for c in assessment.claims) else 0


def _refuse_partial(assessment: Assessment) -> None:
    """No document is made from input that could be read only in part."""
    errors = [p for p in assessment.problems if p.severity == "error"]
    if errors:
        first = errors[0]
        hint = "ringfence prove lists all that could not be read; no document was written."
        raise InputError(first.message, where=first.origin, hint=hint)


def _target(options: Any, assessment: Assessment) -> tuple[Path, str]:
    """The file, and its path from the estate's folder."""
    from ringfence.cli.request import requested
    from ringfence.prove import settings_of, shown

    request, _ = requested(options)
    folder = request.folder
    if options.output:
        path = Path(options.output)
    elif options.document:
        path = Path(options.document)
    else:
        path = folder / (settings_of(request).document or assessment.document or "ADHERENCE.md")
    return path, shown(path, folder)


def _files(path: Path, name: str, assessment: Assessment) -> dict[Path, str]:
    """The pictures of the first world, then the document that shows them, by path."""
    from ringfence.documents.picture.picture import pictures
    from ringfence.documents.table import illustrations, table

    world, estate = next(iter(assessment.estates.items()))
    drawn = pictures(assessment.system, world, estate)
    beside = {path.with_name(file): drawn[which] for which, (_, file) in illustrations(name).items()}
    return {**beside, path: table(assessment, name)}


def _check(path: Path, name: str, assessment: Assessment) -> int:
    from ringfence.documents.table import MARK
    from ringfence.prove import read_text

    if not path.is_file():
        return _stale(f"there is no {name}: ringfence document writes it")
    if not read_text(path, name).startswith(MARK):
        return _stale(f"{name} is written by hand: ringfence adopt {name} takes it over")
    made = _files(path, name, assessment)
    for file in (path, *(f for f in made if f != path)):
        if not file.is_file():
            return _stale(f"there is no {file.name}, which {name} shows: ringfence document writes it")
        found = read_text(file, file.name)
        if found != made[file]:
            line = _first_difference(found, made[file])
            shown = name if file == path else file.name
            return _stale(f"{shown} is stale from line {line} on: ringfence document writes it anew")
    print(f"{name} is up to date")
    return 0


def _stale(message: str) -> int:
    print(message, file=sys.stderr)
    return STALE


def _first_difference(old: str, new: str) -> int:
    pairs = zip(old.splitlines(), new.splitlines(), strict=False)
    return next((n for n, (a, b) in enumerate(pairs, 1) if a != b), min(old.count("\n"), new.count("\n")) + 1)


def _write(path: Path, name: str, assessment: Assessment, *, force: bool) -> int:
    from ringfence.documents.table import MARK
    from ringfence.documents.write import write
    from ringfence.prove import read_text

    made = _files(path, name, assessment)
    for file in made:
        mark = MARK if file == path else DRAWN
        if file.exists() and not force and mark not in read_text(file, file.name):
            hint = "Take it over with ringfence adopt, write elsewhere with --output FILE, or replace it with --force."
            raise UsageError(f"{name if file == path else file.name} is written by hand", hint=hint)
    for file, content in made.items():
        write(file, content)
    print(f"{name} is written: {len(assessment.rows)} rows of {len(assessment.worlds)} worlds")
    return 0


DRAWN = "Generated by ringfence"
"""What every picture says of itself."""
