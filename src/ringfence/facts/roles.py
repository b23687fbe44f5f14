"""Azure's built-in roles by name; what each permits, `questions.access.role` reads."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def table() -> bytes:
    """A line for each role, after a line's end: name, id, and its permissions as JSON."""
    return b"\n" + Path(__file__).with_name("azure_roles.tsv").read_bytes()


@cache
def _folded() -> bytes:
    return table().lower()


def line(name_or_id: str) -> str:
    """The line of a role, in either case; "" when there is none.

    The table is searched as it is: most runs ask for a few of its 900 roles.
    """
    wanted = name_or_id.lower().encode()
    at = _folded().find(b"\n" + wanted + b"\t")
    if at < 0:
        at = _folded().rfind(b"\n", 0, max(_folded().find(b"\t" + wanted + b"\t"), 0))
    return table()[at + 1 : table().find(b"\n", at + 1)].decode() if wanted and at >= 0 else ""


def exists(name: str) -> bool:
    """Azure has a built-in role of exactly this name."""
    return f"\n{name}\t".encode() in table()


def id_of(name: str) -> str:
    """The id of a built-in role that exists."""
    return line(name).split("\t", 2)[1]


def like(name: str) -> str:
    """The built-in role whose name is nearest, "" when none is near."""
    from difflib import get_close_matches

    names = [one.partition("\t")[0] for one in table().decode().splitlines()]
    return next(iter(get_close_matches(name, names, 1)), "")
