"""``ringfence console``: expressions from standard input, one a line, in the scope of a root."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ringfence.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ringfence.model.symbol import Value
    from ringfence.model.world import World
    from ringfence.readers.terraform.source import Source

FAILED = 2


def run(options: Any) -> int:
    """Prints the value of each expression; errors go to stderr with their line. 2 when there was one."""
    from ringfence.prove import Request, settings_of, worlds_of
    from ringfence.readers.terraform.source import Source

    worlds = (options.world,) if options.world else ()
    request = Request(Path(options.path), worlds, inherit_env=options.inherit_env, settings=options.settings)
    settings = settings_of(request)
    world = worlds_of(request, settings)[0]
    source = Source(request.folder, settings.roots, (w.overlay for w in settings.worlds))
    evaluate = source.console(_root(options.root, source, world), world)
    show = _json if options.format == "json" else _text
    failed = [number for number, line in _lines() if not _answer(number, line, evaluate, show)]
    return FAILED if failed else 0


def _root(asked: str, source: Source, world: World) -> str:
    """The root asked for, or the only one; the folder itself when there is none, as Terraform has it."""
    if asked:
        return asked.strip("/").removeprefix("./") or "."
    roots = source.roots(world)
    if len(roots) == 1 or "." in roots:
        return "." if "." in roots else roots[0]
    if not roots:
        return "."
    raise UsageError("there are several roots", hint=f"Choose one with --root: {', '.join(roots)}.")


def _lines() -> Iterator[tuple[int, str]]:
    """The numbered lines of standard input that are not empty."""
    prompt = sys.stdin.isatty()
    number = 0
    while True:
        if prompt:
            print("> ", end="", file=sys.stderr, flush=True)
        line = _line()
        if line is None:
            return
        number += 1
        if line.strip():
            yield number, line.strip()


def _line() -> str | None:
    """The next line, None at the end; bytes that are no UTF-8 stay visible as such."""
    raw = getattr(sys.stdin, "buffer", None)
    line = raw.readline().decode("utf-8", "backslashreplace") if raw else sys.stdin.readline()
    return line or None


def _answer(number: int, line: str, evaluate: Callable[[str], Value], show: Callable[[Value], str]) -> bool:
    """Prints the value; False when the expression has none."""
    from ringfence.model.symbol import Error
    from ringfence.readers.hcl.operators import first_error

    value = evaluate(line)
    error = value if isinstance(value, Error) else first_error(value)
    if error is None:
        print(show(value), flush=True)
        return True
    sys.stdout.flush()
    print(f"line {number}: {error.reason}", file=sys.stderr, flush=True)
    if show is _json:
        print(_json(error), flush=True)
    return False


def _text(value: Value) -> str:
    """As ``terraform console`` prints it; what is not known yet with what it is."""
    from ringfence.model.symbol import is_symbol
    from ringfence.readers.hcl.render import render

    if is_symbol(value):
        return f"(known after apply)  # {render(value)}"
    return render(value)


def _json(value: Value) -> str:
    """One JSON value; ``{"unknown": …}`` for what is not known, ``{"sensitive": true}`` for what is not shown."""
    import json

    from ringfence.model.symbol import Error, Sensitive, render

    if isinstance(value, Sensitive):
        return '{"sensitive": true}'
    if isinstance(value, Error):
        return json.dumps({"error": value.reason}, ensure_ascii=False)
    if value is None or isinstance(value, (bool, str)):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, tuple):
        return "[" + ", ".join(map(_json, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k, ensure_ascii=False)}: {_json(value[k])}" for k in sorted(value)) + "}"
    return _number(value) or json.dumps({"unknown": render(value)}, ensure_ascii=False)


def _number(value: Value) -> str:
    """A number with all its digits, "" for anything else."""
    from decimal import Decimal

    from ringfence.readers.hcl import number

    return number.text_of(value) if isinstance(value, (int, Decimal)) else ""
