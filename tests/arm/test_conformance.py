"""The same resources written in Terraform and in ARM JSON have the same fields, edges and verdicts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.resource import External, Implied, Resource
from ringfence.model.value import Absent, Known, Link, Many, Unknown
from tests.arm.in_arm import arm
from tests.arm.in_terraform import terraform

if TYPE_CHECKING:
    from ringfence.model.estate import Estate


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Estate, Estate]:
    return terraform(), arm(tmp_path_factory.mktemp("arm"))


def _named(found: Estate) -> dict[tuple[str, str], Resource]:
    return {
        (type(r).__name__, r.title): r
        for r in found.resources.values()
        if type(r).__name__ not in ("ResourceGroup", "Subscription")
    }


def _end(found: Any) -> Any:
    if isinstance(found, Implied):
        return (*_end(found.parent), *found.path)
    if isinstance(found, External):
        return ("external", found.name.rpartition("/")[2].casefold())
    return (type(found).__name__, found.title)


def shown(found: Estate, owner: Resource, value: Any) -> Any:
    """A field so that two estates can be compared: what holds, and what references resolve to."""
    if isinstance(value, Known):
        return value.value if not isinstance(value.value, tuple) else tuple(value.value)
    if isinstance(value, Absent):
        return value.default
    if isinstance(value, Unknown):
        return ("unknown", tuple(n.why for n in value.needs))
    if isinstance(value, Link):
        ends = found.resolve(owner, value)
        return [_end(t.resource) for t in ends] if isinstance(ends, tuple) else ("unknown", ends.needs)
    if isinstance(value, Many):
        parts = [shown(found, owner, v) for v in value]
        return sorted(parts, key=repr), value.open
    return {name: shown(found, owner, getattr(value, name)) for name in _fields(type(value))}


def _fields(kind: type) -> list[str]:
    names = [n for base in reversed(kind.__mro__) for n in base.__dict__.get("__annotations__", ())]
    return [n for n in dict.fromkeys(names) if n not in ("arm_type", "group", "resource_group", "location")]


def test_the_same_resources_are_there(both: tuple[Estate, Estate]) -> None:
    mine, its = map(_named, both)
    assert set(mine) == set(its)
    assert len(mine) > 25


def test_every_field_is_the_same(both: tuple[Estate, Estate]) -> None:
    mine, its = map(_named, both)
    differ = {}
    for key, resource in mine.items():
        for field in _fields(type(resource)):
            one = shown(both[0], resource, getattr(resource, field))
            other = shown(both[1], its[key], getattr(its[key], field))
            if one != other:
                differ[key, field] = (one, other)
    assert differ == {}


def test_every_check_says_the_same(both: tuple[Estate, Estate]) -> None:
    from ringfence.checks.check import checks

    others = _named(both[1])
    differ = {}
    for check in checks().values():
        mine, its = check.resources(both[0]), check.resources(both[1])
        assert len(mine) == len(its), check.id
        for resource in mine:
            other = others.get((type(resource).__name__, resource.title))
            if other is not None:
                one, two = check.verdict(resource, both[0]), check.verdict(other, both[1])
                if one.outcome != two.outcome:
                    differ[check.id, resource.title] = (one.outcome, two.outcome, one.why, two.why)
    assert differ == {}
