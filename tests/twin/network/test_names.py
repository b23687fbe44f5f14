"""Names lead to doors; what is not known of a name is chosen, and is the same wherever it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.twin.network.names import Names, Shared, _parts, is_host
from tests.twin import grounds

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def names(tmp_path: Path) -> Names:
    ground = grounds.ground(grounds.Platform("flowehr"), tmp_path)
    return Names(ground.present, ground.directory)


def test_every_name_of_a_platform_can_stand_in_a_certificate(names: Names) -> None:
    hosts = names.hosts()
    assert len(hosts) > 25
    assert [h for h in hosts if not is_host(h)] == []


def test_every_data_plane_with_a_name_has_it_here(names: Names) -> None:
    """A door whose name was lost could not be tried, and nobody would notice."""
    from ringfence.questions.reach.doors import data_planes

    doors = data_planes(names._present.estate)
    lost = [d.key for d in doors if d.hosts and names.find(names.host_of(d)) is None]
    assert lost == []


def test_what_all_tenants_share_leads_to_no_resource(names: Names) -> None:
    assert names.find("login.microsoftonline.com") == Shared("entra", "AzureActiveDirectory")
    assert names.find("example.org") is None


@pytest.mark.parametrize(
    ("written", "parts"),
    [
        ("a.b", [("a.b", False)]),
        ("a-${b}.c", [("a-", False), ("b", True), (".c", False)]),
        ("${f(x${g}, {k = 1})}y", [("", False), ("f(x${g}, {k = 1})", True), ("y", False)]),
        ("${a}${b}", [("", False), ("a", True), ("", False), ("b", True)]),
    ],
)
def test_expressions_end_where_they_end(written: str, parts: Any) -> None:
    assert list(_parts(written)) == parts
