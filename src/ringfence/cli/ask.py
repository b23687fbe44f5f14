"""``ringfence ask``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ringfence.ask import Question
    from ringfence.documents.ask.row import Reply

UNREADABLE, UNKNOWN = 2, 4


def run(options: Any) -> int:
    """Prints the answers; 2 when some input could not be read, 4 when an answer is unknown, else 0."""
    from ringfence.ask import Supposition, ask
    from ringfence.cli.request import read_request

    request, progress = read_request(options)
    try:
        supposed = Supposition(tuple(options.without), tuple(options.laid))
        replies = ask(_question(options), request, supposed if options.without or options.laid else None)
    finally:
        progress.end()
    _put(_formatted(replies, options, request), options)
    _warn(replies)
    return _exit(replies)


def _question(options: Any) -> Question:
    from ringfence.ask import Question

    return Question(
        options.question,
        tuple(options.source),
        tuple(options.to),
        options.any,
        options.can,
        tuple(options.on),
        options.principal,
        options.escalated,
        tuple(options.need),
        options.workload,
        options.seal,
    )


def _formatted(replies: list[Reply], options: Any, request: Any) -> str:
    from ringfence.prove import settings_of

    system = settings_of(request).name
    if options.format == "json":
        import json

        from ringfence.documents.ask.reply import data

        return json.dumps(data(options.question, system, replies), ensure_ascii=False, indent=2) + "\n"
    if options.format == "svg":
        return _drawn(replies, options, system)
    from ringfence.cli.terminal import page
    from ringfence.documents.ask.reply import text

    return text(options.question, system, replies, page(options))


def _drawn(replies: list[Reply], options: Any, system: str) -> str:
    """One picture; of several worlds the one that is asked for."""
    from ringfence.documents.picture.picture import picture
    from ringfence.errors import UsageError

    if len(replies) != 1:
        worlds = ", ".join(reply.world for reply in replies)
        raise UsageError("a picture shows one world", hint=f"Give --world with one of {worlds}.")
    reply = replies[0]
    if reply.supposed is not None:
        raise UsageError("a picture shows the estate as it is", hint="Leave out --without and --with.")
    whole = not (options.source or options.to or options.principal or options.workload)
    return picture(options.question, system, reply.world, reply.estate, reply.rows, whole=whole)


def _put(printed: str, options: Any) -> None:
    if options.output:
        from pathlib import Path

        from ringfence.documents.write import write

        write(Path(options.output), printed)
    else:
        from ringfence.cli.terminal import put

        put(printed)


def _warn(replies: list[Reply]) -> None:
    """What could not be read goes to stderr: the answers may rest on it."""
    for problem in dict.fromkeys(p for r in replies for p in r.problems if p.severity == "error"):
        where = f"{problem.origin}: " if problem.origin.file else ""
        print(f"ringfence: {where}{problem.message}", file=sys.stderr)


def _exit(replies: list[Reply]) -> int:
    if any(p.severity == "error" for r in replies for p in r.problems):
        return UNREADABLE
    if any(reply.more for reply in replies):
        return UNKNOWN
    rows = [row for r in replies for row in (r.rows if r.supposed is None else r.supposed)]
    return UNKNOWN if any("unknown" in (row.get("outcome"), row.get("key_by")) for row in rows) else 0
