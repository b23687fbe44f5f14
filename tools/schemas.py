"""Compiles what azurerm's provider says of its resources into ``facts/schemas/azurerm.txt``.

The input are JSON files that hold, for each resource and major version, the schema as the provider itself registers it:
``python -m tools.schemas FILE...``. The format of the output is described in `ringfence.facts.schemas`.
"""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

OUTPUT = Path(__file__).resolve().parent.parent / "src/ringfence/facts/schemas/azurerm.txt"
MAJOR = "4"
HEAD = """\
# What azurerm's resources may be given; ringfence.facts.schemas says how to read it.
# Source: hashicorp/terraform-provider-azurerm v4.81.0, its registered schemas and their validators; `tools/schemas.py`.
"""
MARKS = {"required": "!", "optional": "?", "optional+computed": "?", "computed": "="}
GROUPS = {"exactly_one_of": "@one", "at_least_one_of": "@some", "conflicts_with": "@not", "required_with": "@with"}
LOOSE = {"azurerm_cosmosdb_account": "ip_range_filter", "azurerm_firewall_policy": "ip_addresses"}
"""Ranges that may be single addresses too: their validator tries one format after the other, a probe sees the first."""
EACH = ("@not", "@with")
"""These are about one argument and others; the rest about a set of equals."""


def main(paths: list[str]) -> int:
    """Writes the file; 0 when that is done."""
    found: dict[str, Any] = {}
    for path in paths:
        found |= json.loads(Path(path).read_text(encoding="utf-8"))["resources"]
    lines = [line for name in sorted(found) if MAJOR in found[name] for line in compiled(name, found[name][MAJOR])]
    OUTPUT.write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    return 0


def compiled(name: str, schema: dict[str, Any]) -> Iterator[str]:
    """The lines of one resource."""
    yield f"@@ resource {name}" + ("\tdeprecated=" if schema.get("deprecated") else "")
    for line in _arguments(schema["attrs"], " "):
        loose = name in LOOSE and line.strip().startswith(LOOSE[name])
        yield line.replace("format=cidr", "format=ip") if loose else line
    yield from sorted(set(_groups(schema["attrs"])))


def _arguments(arguments: dict[str, Any], indent: str) -> Iterator[str]:
    for name, argument in sorted(arguments.items()):
        yield indent + "\t".join([name, MARKS[argument["mode"]] + _type(argument), *_extras(name, argument)])
        yield from _arguments(argument.get("attrs", {}), indent + " ")


def _type(argument: dict[str, Any]) -> str:
    kind = argument.get("kind")
    return str(argument["type"]) if kind is None else "block" if kind == "block" else "object"


def _extras(name: str, argument: dict[str, Any]) -> Iterator[str]:
    if "kind" in argument and ("min" in argument or "max" in argument):
        yield f"count={argument.get('min', 0)}..{argument.get('max', '')}"
    elif "max" in argument or "min" in argument:
        yield f"items={argument.get('min', 0)}..{argument.get('max', '')}"
    if "values" in argument:
        yield "values=" + "|".join(str(value) for value in argument["values"])
    if "range" in argument:
        least, most = ("" if end is None else f"{end:g}" for end in argument["range"])
        yield f"range={least}..{most}"
    if "format" in argument:
        yield f"format={argument['format']}"
    for mark in ("write_only", "sensitive"):
        if argument.get(mark):
            yield f"{mark}="
    if argument.get("deprecated"):
        yield f"deprecated={_instead(name, argument['deprecated'])}"


def _instead(name: str, message: str) -> str:
    """What the provider tells one to write in its place; "" when it names nothing."""
    named = [word for word in re.findall(r"`([a-z0-9_.]+)`", message) if word != name]
    return named[0] if named else ""


def _path(dotted: str) -> str:
    return ".".join(step for step in dotted.split(".") if not step.isdigit())


def _groups(arguments: dict[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    for name, argument in arguments.items():
        here = ".".join((*path, name))
        for kind, mark in GROUPS.items():
            others = sorted(
                {".".join(p for p in other.split(".") if not p.isdigit()) for other in argument.get(kind, ())}
            )
            if others:
                yield " " + "\t".join([mark, *([here, *(o for o in others if o != here)] if mark in EACH else others)])
        yield from _groups(argument.get("attrs", {}), (*path, name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
