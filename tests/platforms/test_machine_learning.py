"""A registry of models: met in the network, with a role to read and one to publish."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ringfence.constructs.entra import Group
from ringfence.constructs.identity import Identity
from ringfence.constructs.insights import Insights
from ringfence.constructs.machine_learning import Beside, LearningWorkspace, ModelRegistry
from ringfence.constructs.registry import Registry
from ringfence.constructs.storage import Storage
from ringfence.constructs.vault import Vault
from ringfence.errors import ConstructError
from ringfence.model.machine_learning import MachineLearningRegistry, MachineLearningWorkspace
from ringfence.model.storage import StorageAccount
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.public import closed
from tests.platforms.ground import ground, taken

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.constructs.home import Home
    from ringfence.model.blueprint import Declared, File


def group_of(file: File) -> Declared:
    return next(d for d in file.declared if d.type == "azurerm_resource_group")


def test_a_registry_is_met_in_the_network(tmp_path: Path) -> None:
    file, home = ground()
    models = ModelRegistry(file, "models", home, called="mlr", group=group_of(file))
    stewards = Group(file, "stewards", called="stewards", what="They decide.")
    models.may_publish("publish", group=stewards.id, called=stewards.called, why="They decide what is published.")
    models.may_read("read", group=stewards.id, called=stewards.called, why="They look at what there is.")
    estate = taken(file, tmp_path)
    (registry,) = estate.of(MachineLearningRegistry)
    (door,) = doors(registry, estate)
    assert closed(door, estate).outcome == "pass"
    assert [use.role for use in file.layer.register.uses] == ["role-mlr-publish", "role-mlr-read"]
    (account,) = estate.of(StorageAccount)
    assert account.maker == registry.key
    assert account.allow_blob_public_access.value is False  # type: ignore[union-attr]


def test_nobody_may_delete_a_model() -> None:
    file, home = ground()
    ModelRegistry(file, "models", home, called="mlr", group=group_of(file))
    roles = [d for d in file.declared if d.type == "azurerm_role_definition"]
    assert len(roles) == 2
    for role in roles:
        actions = role.arguments["permissions"].arguments["actions"]  # type: ignore[union-attr]
        assert "delete" not in str(actions)
        assert "*" not in str(actions)


def workspace(file: File, home: Home, *, used: bool = False) -> LearningWorkspace:
    vault = Vault(file, "ml", home, called="kv-ml")
    if used:
        vault.listed(file.resource("azurerm_key_vault_secret", "s", name="s", key_vault_id=vault.id), "Secret", "s")
    beside = Beside(
        Storage(file, "data", home, called="stml", endpoints=("file",)),
        vault,
        Insights(file, "insights", home, called="ai-ml"),
        Registry(file, "images", home, called="acrmlimages"),
    )
    identity = Identity(file, "ml", home, called="id-ml")
    return LearningWorkspace(file, "workspace", home, called="mlw", identity=identity, beside=beside)


def test_a_workspace_is_met_in_the_network_and_has_no_key(tmp_path: Path) -> None:
    file, home = ground()
    made = workspace(file, home)
    estate = taken(file, tmp_path)
    (found,) = estate.of(MachineLearningWorkspace)
    (door,) = doors(found, estate)
    assert closed(door, estate).outcome == "pass"
    assert found.isolation_mode.value == "AllowOnlyApprovedOutbound"  # type: ignore[union-attr]
    assert made.workspace.arguments["storage_account_access_type"] == "Identity"
    assert {use.what for use in file.layer.register.uses} == {"stml", "kv-ml", "acrmlimages", "ai-ml"}


def test_a_workspace_does_not_administer_the_secrets_of_others() -> None:
    file, home = ground()
    with pytest.raises(ConstructError, match="mlw would administer kv-ml, which holds s"):
        workspace(file, home, used=True)


def test_a_name_that_azure_does_not_take_is_refused() -> None:
    file, home = ground()
    with pytest.raises(ConstructError, match="cannot be called m"):
        ModelRegistry(file, "models", home, called="m", group=group_of(file))
