"""Whether a reference refers to anything at all, whatever it is that it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply, Choice, Ref, Text, plain
from ringfence.model.value import Need, Unknown
from ringfence.questions.answer import conditions, found, unresolved

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.resource import Resource
    from ringfence.model.symbol import Value
    from ringfence.model.value import Link
    from ringfence.model.verdict import Verdict

_NEVER_NULL = frozenset(
    ["id", "versionless_id", "resource_id", "resource_versionless_id", "name", "object_id", "principal_id", "client_id"]
)
_TEXT = frozenset(["format", "join", "lower", "replace", "title", "trim", "trimprefix", "trimsuffix", "upper"])


def is_given(resource: Resource, link: Link, estate: Estate, expected: str) -> Verdict:
    """The field of the resource names something. An id is never null; an input may be."""
    given = _given(link.value)
    if given is not None:
        return found(link, expected, "pass" if given else "fail")
    targets = estate.resolve(resource, link)
    if isinstance(targets, Unknown):
        return unresolved(link, expected, targets)
    if targets and all(t.certainty == "sure" for t in targets):
        return found(link, expected, "pass")
    why = f"{link.field} may be null"
    return found(link, expected, "unknown", why, conditions(link) or (Need("reference", link.field, why),))


def _given(value: Value) -> bool | None:
    """Whether there is a value; None when the value alone does not tell."""
    value = plain(value)
    if value is None or value == "":
        return False
    if isinstance(value, (str, Text)):
        return True
    if isinstance(value, Ref):
        return True if value.path and value.path[-1] in _NEVER_NULL else None
    if isinstance(value, Apply):
        return True if value.fn in _TEXT else None
    if isinstance(value, Choice):
        yes, no = _given(value.yes), _given(value.no)
        return yes if yes == no else None
    return None
