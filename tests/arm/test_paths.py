"""The syntax of ARM paths, and that every table's paths can be followed."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.mapping.arm import kinds
from ringfence.mapping.arm.path import find, parse
from ringfence.mapping.arm.record import above, group, kind_of, scope, subscription
from ringfence.mapping.table import Nested

CONTENT = {
    "properties": {
        "acls": {"ipRules": [{"value": "a"}, {"value": "b"}, {}]},
        "lifetimeActions": [{"action": {"type": "Notify"}, "at": 1}, {"action": {"type": "Rotate"}, "at": 2}],
        "allOf": [{"field": "x", "equals": 1}, {"anyOf": [{"field": "y", "equals": 2}, {"field": "y", "equals": 3}]}],
        "named": {"one": {"v": 1}, "two": {"v": 2}},
    },
    "identity": {"userAssignedIdentities": {"/a": {}, "/b": {}}},
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("properties.acls.ipRules[].value", ("a", "b")),
        ("PROPERTIES.ACLS.iprules[].VALUE", ("a", "b")),
        ("identity.userAssignedIdentities{}", ("/a", "/b")),
        ("properties.lifetimeActions[action.type=rotate].at", 2),
        ("properties.lifetimeActions[0].at", 1),
        ("properties.lifetimeActions[7].at", None),
        ("properties.allOf[field=x].equals", 1),
        ("properties.allOf[].anyOf[field=y*].equals", (2, 3)),
        ("properties.named{name}", ({"name": "one", "v": 1}, {"name": "two", "v": 2})),
        ("properties.gone.further", None),
    ],
)
def test_a_path_is_followed(path: str, expected: Any) -> None:
    assert find(CONTENT, parse(path)[0].steps) == expected


def test_a_path_may_have_alternatives_children_and_words() -> None:
    one, two, three = parse("blobServices/default:properties.x|firewallRules/*:|@scope")
    assert (one.child, [s.name for s in one.steps]) == ("blobServices/default", ["properties", "x"])
    assert (two.every, two.steps) == (True, ())
    assert three.word == "scope"


def test_every_path_of_every_table_is_well_formed() -> None:
    def paths(rows: Any) -> Any:
        for row in rows:
            yield row.arm
            if isinstance(row, Nested):
                yield from paths(row.rows)

    for tables in kinds._tables().values():
        for text in paths(tables[0].rows):
            for path in parse(text):
                assert not text.endswith("."), text
                assert path.steps or path.word or path.every or path.data or path.unread, text
                assert all(step.name and " " not in step.name for step in path.steps), text


@pytest.mark.parametrize(
    ("whole", "expected"),
    [
        ("/subscriptions/s", ("microsoft.resources/subscriptions", "", "", "/subscriptions/s")),
        (
            "/subscriptions/s/resourceGroups/g",
            ("microsoft.resources/resourcegroups", "", "/subscriptions/s/resourceGroups/g", "/subscriptions/s"),
        ),
        (
            "/subscriptions/s/resourceGroups/g/providers/A.B/c/d/e/f",
            (
                "a.b/c/e",
                "/subscriptions/s/resourceGroups/g/providers/A.B/c/d",
                "/subscriptions/s/resourceGroups/g",
                "/subscriptions/s",
            ),
        ),
        ("/providers/A.B/c/d/providers/E.F/g/h", ("e.f/g", "", "", "")),
    ],
)
def test_what_an_id_says(whole: str, expected: tuple[str, str, str, str]) -> None:
    assert (kind_of(whole), above(whole), group(whole), subscription(whole)) == expected


def test_the_scope_of_an_extension() -> None:
    assert scope("/providers/A.B/c/d/providers/E.F/g/h") == "/providers/A.B/c/d"
    assert scope("/providers/E.F/g/h") == "/"
