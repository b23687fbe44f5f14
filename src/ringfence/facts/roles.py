"""The names of Azure's built-in roles; what each permits, `questions.access.role` reads."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def ids() -> dict[str, str]:
    """The id of each built-in role, by its name."""
    path = Path(__file__).with_name("azure_roles.tsv")
    lines = path.read_text(encoding="utf-8").splitlines()
    fields = (line.split("\t", 2) for line in lines if not line.startswith("#"))
    return {name: id_ for name, id_, *_ in fields}


def names() -> tuple[str, ...]:
    """All built-in roles."""
    return tuple(ids())


def exists(name: str) -> bool:
    """Azure has a built-in role of exactly this name."""
    return name in ids()


def like(name: str) -> str:
    """The built-in role whose name is nearest, "" when none is near."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(name, names(), 1)), "")
