"""Why an answer is what it is, short enough to read: of many reasons the first, and how many more there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ringfence.documents.text import Page

MOST = 4
"""So many reasons are told; of more all but the last of these, and their number."""
_NOT_READ, _INIT = " was not read: ", ": run terraform init"


def short(why: str, page: Page) -> str:
    """The reasons, which semicolons part; all of them where every answer is asked for."""
    if page.all:
        return why
    reasons = _modules(why.split("; "))
    if len(reasons) <= MOST:
        return "; ".join(reasons)
    told = reasons[: MOST - 1]
    return "; ".join((*told, f"and {len(reasons) - len(told)} more reasons: --all tells them"))


def _modules(reasons: list[str]) -> list[str]:
    """Modules that are not there told as one reason, where the first of them stands: one command fetches them."""
    absent = [r for r in reasons if _NOT_READ in r and r.endswith(_INIT)]
    if len(absent) < 2:
        return reasons
    name = absent[0].partition(_NOT_READ)[0]
    more = "module" if len(absent) == 2 else "modules"
    told = f"{name} and {len(absent) - 1} more {more} were not read{_INIT}"
    return [told if r is absent[0] else r for r in reasons if r is absent[0] or r not in absent]
