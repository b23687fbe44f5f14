"""``ringfence adopt``: a hand-written document becomes decisions, and is compared with the code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.errors import InputError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ringfence.adherence.adopt import Adopted


def run(options: Any) -> int:
    """Writes the decisions file and prints where the document and the code disagree."""
    from ringfence.adherence.adopt import adopted, decisions_file
    from ringfence.adherence.claims import claims
    from ringfence.cli.request import requested
    from ringfence.documents.table import MARK
    from ringfence.documents.write import write
    from ringfence.prove import prove, read_text, shown

    document = Path(options.adopted)
    if not document.is_file():
        raise UsageError(f"there is no document {document}", hint="Give the Markdown or text file with its tables.")
    target = _target(options)
    if target.exists() and not options.force:
        hint = "Write elsewhere with --decisions FILE, or replace it with --force."
        raise UsageError(f"{target} is there already", hint=hint)
    source = shown(document, Path(options.path))
    content = read_text(document, source)
    if content.startswith(MARK):
        raise UsageError(f"{source} was written by ringfence document", hint="There is nothing in it to take over.")
    found = claims(content, source)
    if not found:
        hint = "Needed is a Markdown table with a column of CIS references and one of adherence, and rows below them."
        raise InputError("holds no table of adherence", where=source, hint=hint)
    request, progress = requested(options)
    request.document, request.decisions, request.undecided = str(document), "", True
    try:
        assessment = prove(request)
    finally:
        progress.end()
    taken = adopted(found, assessment)
    write(target, decisions_file(taken, source))
    _report(taken, len(found), shown(target, Path(options.path)), source)
    from ringfence.cli.terminal import page
    from ringfence.documents.claims import claims as compared

    sys.stdout.write(compared(assessment, page(options)))
    return 2 if assessment.exit == 2 else 0


def _target(options: Any) -> Path:
    """The decisions file to write: the one asked for, the settings', or the usual one."""
    from ringfence.cli.request import requested
    from ringfence.prove import DECISIONS, settings_of

    if options.decisions:
        return Path(options.decisions)
    request, _ = requested(options)
    return request.folder / (settings_of(request).decisions or DECISIONS[0])


def _report(taken: Sequence[Adopted], rows: int, target: str, source: str) -> None:
    decided = sum(bool(a.word) for a in taken)
    left = len(taken) - decided
    print(f"{rows} rows of {source} are claims; {decided} of them are decisions in {target}")
    if left:
        print(f"{left} rows that deviate could not be taken over; {target} lists them with the reason")
    print()
