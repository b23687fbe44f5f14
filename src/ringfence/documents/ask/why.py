"""Why an answer is what it is, short enough to read: of many reasons the first, and how many more there are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.documents.text import Page

MOST = 4
"""So many reasons are told; of more all but the last of these, and their number."""
_ABSENT = r"(\S+) was not read: \S+ is not in \.terraform/modules: run terraform init"
_SEVERAL = re.compile(f"{_ABSENT}(?:; {_ABSENT.replace('(', '(?:')})+")
"""Modules that are not there, one after the other: one command fetches them."""


def short(why: str, page: Page) -> str:
    """The reasons, which semicolons part; all of them where every answer is asked for."""
    if page.all:
        return why
    reasons = _SEVERAL.sub(_together, why).split("; ")
    if len(reasons) <= MOST:
        return "; ".join(reasons)
    told = reasons[: MOST - 1]
    return "; ".join((*told, f"and {len(reasons) - len(told)} more reasons: --all tells them"))


def _together(several: re.Match[str]) -> str:
    more = several[0].count(" was not read: ") - 1
    return f"{several[1]} and {more} more {'module' if more == 1 else 'modules'} were not read: run terraform init"
