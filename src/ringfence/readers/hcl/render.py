"""A value as ``terraform console`` prints it, so that its type can be seen.

Source: hashicorp/terraform v1.11.4 internal/repl/format.go. A null has no type here: it is always ``null``. What
Terraform shows as "(known after apply)" is shown with the structure that is kept.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from ringfence.model import symbol
from ringfence.model.symbol import List, Map, Sensitive, Set
from ringfence.readers.hcl import number
from ringfence.readers.hcl.same import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.model.symbol import Value


def render(value: Value, indent: int = 0) -> str:
    """The value in Terraform's syntax, lists and sets and maps marked as such; sensitive values never show."""
    if isinstance(value, str):
        return _string(value, indent)
    if isinstance(value, bool) or value is None:
        return symbol.render(value)
    if isinstance(value, (int, Decimal)):
        return number.text_of(value)
    if isinstance(value, dict):
        inner = _lines((f"{render(k, indent + 2)} = {render(value[k], indent + 2)}" for k in sorted(value)), indent)
        return f"tomap({{{inner}}})" if isinstance(value, Map) else f"{{{inner}}}"
    if isinstance(value, tuple):
        inner = _lines((f"{render(v, indent + 2)}," for v in value), indent)
        name = "tolist" if isinstance(value, List) else "toset" if isinstance(value, Set) else ""
        return f"{name}([{inner}])" if name else f"[{inner}]"
    return "(sensitive value)" if isinstance(value, Sensitive) else symbol.render(value)


def _lines(lines: Iterable[str], indent: int) -> str:
    margin = "\n" + " " * (indent + 2)
    inner = "".join(margin + line for line in lines)
    return inner + "\n" + " " * indent if inner else ""


def _string(value: str, indent: int) -> str:
    lines = value.split("\n")
    if len(lines) == 1:
        return quoted(value)
    marker = "EOT"
    while any(line.strip() == marker for line in lines):
        marker += "_"
    margin = "\n" + " " * indent
    return f"<<{'-' * (indent > 0)}{marker}" + "".join(margin + line for line in (*lines, marker))
