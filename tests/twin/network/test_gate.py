"""The gate says what `reach` says, for every place and every name of both platforms; and no client tries again."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import HttpResponseError
from azure.keyvault.secrets import SecretClient

from ringfence.model.world import Change
from ringfence.questions.reach.places import INTERNET
from ringfence.questions.reach.reach import asked
from ringfence.questions.reach.standing import every_place
from ringfence.twin.network.gate import Gate
from ringfence.twin.network.names import Names, Shared
from tests.twin import grounds
from tests.twin.network.standing import standing

if TYPE_CHECKING:
    from pathlib import Path

VAULT = "kv-eudcc-eu-prod.vault.azure.net"


@pytest.mark.parametrize("platform", ["flowehr", "eudcc"])
def test_it_decides_as_reach_answers(platform: str, tmp_path: Path) -> None:
    ground = grounds.ground(grounds.Platform(platform), tmp_path)
    names = Names(ground.present, ground.directory)
    gate, estate = Gate(ground.present, names), ground.present.estate
    seen = set()
    for place in (INTERNET, *every_place(estate)):
        for host in names.hosts():
            door = names.find(host)
            if door is None or isinstance(door, Shared):
                continue
            passage = gate.passage(place, host, door.ports[0] if door.ports else 443)
            answer = asked(estate, place, door)
            assert passage.open == (answer.answer.outcome == "pass"), (place.key, host)
            assert passage.open or passage.why
            assert passage.front == ("private" if answer.front == "private" else "public")
            seen.add((passage.open, passage.stop))
    assert {(True, ""), (False, "service"), (False, "network")} <= seen


def test_what_is_not_known_is_refused_and_says_what_it_is(tmp_path: Path) -> None:
    """Upstream's way: the deployer's address is a variable that has no value."""
    source = grounds.Text(lambda change: grounds_of_terraform(tmp_path, change))
    ground = grounds.ground(source, tmp_path / "state")
    names = Names(ground.present, ground.directory)
    host = next(h for h in names.hosts() if h.endswith("vault.azure.net"))
    passage = Gate(ground.present, names).passage(INTERNET, host, 443)
    assert not passage.open
    assert passage.why.startswith("cannot tell, because")
    assert "opened" in passage.why


def grounds_of_terraform(folder: Path, change: Change) -> Any:
    from ringfence.prove import Request, estates, settings_of

    (folder / "main.tf").write_text(
        """
        variable "opened" { type = bool }
        resource "azurerm_key_vault" "kv" {
          name                          = "kv-not-known"
          resource_group_name           = "rg"
          location                      = "uksouth"
          tenant_id                     = "11111111-1111-1111-1111-111111111111"
          sku_name                      = "standard"
          public_network_access_enabled = var.opened
        }
        """
    )
    assert change == Change()
    request = Request(folder)
    return next(iter(estates(request, settings_of(request))))


class Credential:
    """A token that nobody looks at."""

    def get_token(self, *_: str, **__: Any) -> AccessToken:
        return AccessToken("token", int(time.time()) + 3600)


def test_a_refusal_costs_a_client_no_retries(tmp_path: Path) -> None:
    """An SDK tries again for some five seconds when a proxy refuses to connect."""
    ground = grounds.ground(grounds.Platform("eudcc"), tmp_path)
    with standing(ground, tmp_path, "internet") as outside:
        client: Any = SecretClient(
            f"https://{VAULT}", Credential(), proxies=outside.proxies, connection_verify=str(outside.bundle)
        )
        began = time.perf_counter()
        with pytest.raises(HttpResponseError, match="public network access is off") as refused:
            client.get_secret("any")
    assert time.perf_counter() - began < 2
    assert refused.value.status_code == 403
    assert len(outside.flows) == 1
