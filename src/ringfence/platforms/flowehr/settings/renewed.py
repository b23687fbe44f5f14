"""When people last changed the secrets that only people know: the trace of renewals by hand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.platforms.configuration import Table

KEY = "renewed"


def renewals(table: Table, known: Iterable[str]) -> dict[str, date]:
    """The days under ``renewed``, by Terraform variable; `known` are the variables that are asked for.

    Raises:
        InputError: a day is none or has not come, or nothing is asked for under that name.
    """
    inner = table.table(KEY)
    inner.only(*(name.upper() for name in known))
    return {name.lower(): _day(inner, name) for name in inner}


def _day(inner: Table, name: str) -> date:
    written = inner.text(name)
    try:
        found = date.fromisoformat(written)
    except ValueError:
        hint = "Write the day as 2026-10-01."
        raise inner.wrong(name, f"{written} is no day", hint) from None
    if found > date.today():
        raise inner.wrong(name, f"{written} has not come yet", "Write when the secret was last changed.")
    return found
