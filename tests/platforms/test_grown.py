"""A platform that grows renames nothing, and nobody has a role that no declared need asks for."""

from __future__ import annotations

import pytest

from ringfence import declared
from ringfence.model.authorization import RoleAssignment
from ringfence.platforms import NAMES, platform, shipped

APPS = """
people:
apps:
  {apps}
"""
APP = """{id}:
    name: {id} of the ward
    description: What it does.
    owner: team@example.org
    image: {id}:1.0.0
"""


def addresses(name: str, more: str) -> set[str]:
    files = {**shipped(name, "prod"), "more.yaml": more}
    return set(platform(name).blueprint(files).declared)


def apps(*ids: str) -> str:
    return APPS.format(apps="  ".join(APP.format(id=one) for one in ids))


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("flowehr", apps("beds"), apps("aaaa", "beds", "zzzz")),
        ("flowehr", "transform: {datalake: {zones: [gold]}}", "transform: {datalake: {zones: [bronze, gold]}}"),
        ("flowehr", "monitoring: {alert_recipients: [{name: b, email: b@example.org}]}",
         "monitoring: {alert_recipients: [{name: a, email: a@example.org}, {name: b, email: b@example.org}]}"),
        ("eudcc", "portal_groups: [5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a02]",
         "portal_groups: [11111111-6f0b-4c56-9d0a-3f2f5f1f7a01, 5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a02]"),
    ],
)  # fmt: skip
def test_what_is_added_renames_nothing(name: str, before: str, after: str) -> None:
    assert addresses(name, before) <= addresses(name, after)


@pytest.mark.parametrize(("name", "world"), [(name, world) for name in NAMES for world in platform(name).WORLDS])
def test_nobody_has_a_role_that_no_need_asks_for(name: str, world: str) -> None:
    blueprint = declared.blueprint(name, world)
    given = {assignment.key for assignment in declared.estate(blueprint).of(RoleAssignment)}
    needed = {use.key for use in blueprint.register.uses}
    assert given
    assert given - needed == set()
    assert all(use.why for use in blueprint.register.uses)
