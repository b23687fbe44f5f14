"""Whether a reference refers to anything at all, whatever it is that it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model import symbol
from ringfence.model.symbol import Error, Input
from ringfence.model.value import Need, Unknown
from ringfence.questions.answer import conditions, found, unresolved

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.model.value import Link
    from ringfence.model.verdict import Verdict


def is_written(link: Link) -> bool:
    """The field is written at all; what it names need not be known."""
    return link.value not in (None, "")


def is_given(resource: Resource, link: Link, estate: Estate, expected: str) -> Verdict:
    """The field of the resource names something. An id is never null; an input may be."""
    given = symbol.is_given(link.value)
    if given is not None:
        return found(link, expected, "pass" if given else "fail")
    if isinstance(link.value, Error):
        return found(link, expected, "unknown", link.value.reason, (Need("reference", link.field, link.value.reason),))
    targets = estate.resolve(resource, link)
    if isinstance(targets, Unknown):
        return unresolved(link, expected, targets)
    if not isinstance(link.value, Input) and targets and all(t.certainty == "sure" for t in targets):
        return found(link, expected, "pass")
    why = f"{link.field} may be null"
    return found(link, expected, "unknown", why, conditions(link) or (Need("reference", link.field, why),))
