"""Evaluates expressions as the reader does, in a folder of this test."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ringfence.model.symbol import Error, is_known
from ringfence.readers.hcl.evaluate import evaluate
from ringfence.readers.hcl.functions import Context, call
from ringfence.readers.hcl.functions.encoding import to_json
from ringfence.readers.hcl.functions.signature import Refused, nfc
from ringfence.readers.hcl.parse import parse_expression, parse_template
from ringfence.readers.hcl.same import failure, unmarked
from ringfence.readers.hcl.types import ListOf, MapOf, ObjectOf, SetOf, TupleOf, type_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.symbol import Value
    from ringfence.readers.hcl.types import Type

FOLDER = Path(__file__).parent


@dataclass
class Names:
    """A scope of variables and all functions."""

    variables: dict[str, Value]

    def lookup(self, names: tuple[str, ...]) -> tuple[Value, int]:
        for length in range(len(names), 0, -1):
            if ".".join(names[:length]) in self.variables:
                return self.variables[".".join(names[:length])], length
        return Error(f"there is no {'.'.join(names)}"), len(names)

    def call(self, name: str, args: tuple[Value, ...]) -> Value:
        return call(name, args, CONTEXT)


def _read(path: Path) -> bytes | None:
    return path.read_bytes() if path.is_file() else None


def _list(folder: Path) -> Iterator[Path]:
    for place, _, files in os.walk(folder):
        yield from (Path(place, f) for f in files)


def _template(text: str, variables: dict[str, Value], file: str) -> Value:
    return evaluate(parse_template(text.encode(), file), Names(variables))


CONTEXT = Context(FOLDER, FOLDER, _read, Path.is_file, _list, _template)


def value(expression: str, **variables: Value) -> Value:
    """The value of the expression; a dot in a variable's name is written as two underscores."""
    names = {name.replace("__", "."): v for name, v in variables.items()}
    return evaluate(parse_expression(expression.encode(), "test"), Names(names))


def shown(found: Value) -> str:
    """The value's JSON, "unknown", or "error"; Terraform has no JSON for an infinity."""
    if failure(found) is not None:
        return "error"
    try:
        return nfc(to_json(unmarked(found))) if is_known(found) else "unknown"
    except Refused:
        return "error"


def same_type(found: Value, printed: str) -> bool:
    """True when the value has the type that Terraform printed, as far as it is known."""
    return re.fullmatch(_pattern(type_of(found)), printed) is not None


def _pattern(type: Type) -> str:
    if isinstance(type, (ListOf, SetOf, MapOf)):
        name = {ListOf: "list", SetOf: "set", MapOf: "map"}[type.__class__]
        return rf"{name}\({_pattern(type.element)}\)"
    if isinstance(type, TupleOf):
        return rf"tuple\(\[{', '.join(map(_pattern, type.elements))}\]\)"
    if isinstance(type, ObjectOf):
        inner = ", ".join(f'"?{re.escape(k.strip())}"?: {_pattern(t)}' for k, t in sorted(type.attributes.items()))
        return rf"object\(\{{{inner}\}}\)"
    return ".*" if type == "any" else type
