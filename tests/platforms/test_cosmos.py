"""Cosmos DB: keys open nothing, and an identity has a role on its own database only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.checks.cosmos import directory_authentication, private_endpoint, selected_networks
from ringfence.constructs.cosmos import Cosmos
from ringfence.constructs.identity import Identity
from ringfence.constructs.opening import Opening
from ringfence.errors import ConstructError
from ringfence.model.cosmos import CosmosAccount
from tests.platforms.ground import ground, taken

if TYPE_CHECKING:
    from pathlib import Path


def test_an_account_is_private_and_its_keys_open_nothing(tmp_path: Path) -> None:
    file, home = ground()
    cosmos = Cosmos(file, "serve", home, called="cosmos-serve")
    identity = Identity(file, "app", home, called="id-app")
    database = cosmos.database("app", called="app-state", container="app")
    cosmos.may_use("app", database, who=identity.principal, called="id-app", why="the app keeps its state there")
    estate = taken(file, tmp_path)
    (account,) = estate.of(CosmosAccount)
    assert directory_authentication(account).outcome == "pass"
    assert private_endpoint(account, estate).outcome == "pass"
    assert selected_networks(account, estate).outcome == "pass"
    (use,) = file.layer.register.uses
    assert (use.role, use.what) == ("Cosmos DB Built-in Data Contributor", "cosmos-serve/app-state")


def test_addresses_that_are_let_in_are_entered(tmp_path: Path) -> None:
    file, home = ground()
    opening = Opening("switches.deployer_addresses", ("203.0.113.7",))
    Cosmos(file, "serve", home, called="cosmos-serve", open_to=opening)
    estate = taken(file, tmp_path)
    (account,) = estate.of(CosmosAccount)
    assert directory_authentication(account).outcome == "pass"
    assert [(r.switch, r.items) for r in file.layer.register.relaxations] == [
        ("switches.deployer_addresses", ("cosmos-public-network-access", "4.5.1"))
    ]


def test_a_name_that_azure_does_not_take_is_refused() -> None:
    file, home = ground()
    with pytest.raises(ConstructError, match="cannot be called Cosmos"):
        Cosmos(file, "serve", home, called="Cosmos")
