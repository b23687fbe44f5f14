"""Why an answer is what it is, short enough to read: of many reasons the first, and how many more there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.documents.text import Page

MOST = 4
"""So many reasons are told; of more all but the last of these, and their number."""


def short(why: str, page: Page) -> str:
    """The reasons, which semicolons part; all of them where every answer is asked for."""
    reasons = why.split("; ")
    if page.all or len(reasons) <= MOST:
        return why
    told = reasons[: MOST - 1]
    return "; ".join((*told, f"and {len(reasons) - len(told)} more reasons: --all tells them"))
