"""The ARM paths of the mapping tables: where in a resource's JSON a field stands.

    properties.networkAcls.ipRules[].value        each element of a list
    identity.userAssignedIdentities{}             the keys of an object
    config/connectionstrings:properties{name}     its values, each with its key as `name`
    properties.agentPoolProfiles[0].vnetSubnetID  one element
    …lifetimeActions[action.type=rotate].trigger  the element of which that is true
    …allOf[].anyOf[field=level*].equals           all of which it is
    blobServices/default:properties.changeFeed    a child resource
    firewallRules/*:                              every child of a type
    properties.scope|@scope                       the first that is written; of lists, all of them together
    data:queueServices/default:logging.read       what only the data plane says
    ?                                             what ARM says in ways that are not read
    @id @parent @grandparent @group @scope        the resource's own id, and what it says

Names are compared without case where they are not found as they are, as ARM does.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from ringfence.model.symbol import is_symbol
from ringfence.record import record


@record()
class Step:
    """One name, and what is done with the value that it has."""

    name: str
    take: str = ""
    """"" the value itself, "[]" each element, "{}" the keys, "{name}" the values with their keys, else one element."""


@record()
class Path:
    """One alternative of a path."""

    word: str = ""
    """"id", "parent", "grandparent", "group" or "scope", when the resource's own id says it."""
    child: str = ""
    steps: tuple[Step, ...] = ()
    data: bool = False
    """No part of Azure Resource Manager says it."""
    unread: bool = False

    @property
    def every(self) -> bool:
        """True when it is about every child of a type."""
        return self.child.endswith("/*")


@cache
def parse(text: str) -> tuple[Path, ...]:
    """The alternatives of a path; none of an empty one."""
    return tuple(_path(part) for part in text.split("|") if part)


def _path(text: str) -> Path:
    if text.startswith("@"):
        return Path(word=text[1:])
    if text == "?":
        return Path(unread=True)
    if text.startswith("data:"):
        return Path(data=True)
    child, _, rest = text.rpartition(":")
    return Path("", child, tuple(map(_step, _split(rest))))


def _split(text: str) -> list[str]:
    """The path cut at its dots, except at those in brackets."""
    parts, depth, start = [], 0, 0
    for at, char in enumerate(text):
        depth += (char in "[{") - (char in "]}")
        if char == "." and not depth:
            parts.append(text[start:at])
            start = at + 1
    parts.append(text[start:])
    return [p for p in parts if p]


def _step(text: str) -> Step:
    at = min((i for i in (text.find("["), text.find("{")) if i >= 0), default=len(text))
    take = text[at:]
    return Step(text[:at], take if take in ("", "[]", "{}") or take[0] == "{" else take[1:-1])


def find(content: Any, steps: tuple[Step, ...]) -> Any:
    """What stands at the end of the steps; None where nothing does, a symbol where the way there is not known."""
    for at, step in enumerate(steps):
        content = member(content, step.name)
        if content is None or is_symbol(content):
            return content
        if step.take == "[]" or step.take.endswith("*"):
            kept = content if step.take == "[]" else _those(content, step.take[:-1])
            return _each(kept, steps[at + 1 :])
        content = _taken(content, step.take)
        if content is None:
            return None
    return content


def member(content: Any, name: str) -> Any:
    """The value of a name in an object, None when it has none."""
    if not isinstance(content, dict):
        return None
    if name in content:
        return content[name]
    folded = name.casefold()
    return next((v for k, v in content.items() if isinstance(k, str) and k.casefold() == folded), None)


def _each(content: Any, steps: tuple[Step, ...]) -> Any:
    items = content if isinstance(content, (list, tuple)) else (content,)
    found = (item if is_symbol(item) else find(item, steps) for item in items)
    return tuple(v for value in found if value is not None for v in (value if isinstance(value, tuple) else (value,)))


def _taken(content: Any, take: str) -> Any:
    if not take:
        return content
    if take[0] == "{":
        return _of_object(content, take[1:-1])
    items = [i for i in content if isinstance(i, dict)] if isinstance(content, (list, tuple)) else []
    if take.isdigit():
        return items[int(take)] if int(take) < len(items) else None
    return next(iter(_those(items, take)), None)


def _those(content: Any, condition: str) -> list[Any]:
    """The elements of which a condition is true."""
    where, _, wanted = condition.partition("=")
    steps = parse(where)[0].steps
    items = [i for i in content if isinstance(i, dict)] if isinstance(content, (list, tuple)) else []
    return [i for i in items if str(find(i, steps)).casefold() == wanted.casefold()]


def _of_object(content: Any, name: str) -> Any:
    if not isinstance(content, dict):
        return content if isinstance(content, (list, tuple)) else None
    if not name:
        return tuple(content)
    return tuple({name: key, **value} for key, value in content.items() if isinstance(value, dict))
