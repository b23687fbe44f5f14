"""Microsoft's own management clients work against the twin's Resource Manager, unchanged, where they are installed."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any

import pytest
from azure.core import PipelineClient
from azure.core.exceptions import ClientAuthenticationError, HttpResponseError, ResourceExistsError
from azure.core.pipeline.policies import BearerTokenCredentialPolicy, RetryPolicy
from azure.core.rest import HttpRequest

from tests.twin.arm.clerk import Clerk, clerk
from tests.twin.arm.test_service import GROUP, LOCK, PORTAL, RULE, SETTING, STORE, VAULT, reached, reads

if TYPE_CHECKING:
    from pathlib import Path

RESOURCES = "rg-eudcc-ie-prod"
NAME = "kv-eudcc-ie-prod"


@pytest.fixture
def eudcc(tmp_path: Path) -> Clerk:
    return clerk("eudcc", tmp_path)


def client(at: Clerk, module: str, name: str) -> Any:
    """A client of the SDK; the test is left out where it is not installed."""
    return getattr(pytest.importorskip(module), name)(**at.sdk)


def core(at: Clerk) -> PipelineClient[Any, Any]:
    """What all of them are made of, and the twin always has."""
    policies = [RetryPolicy(), BearerTokenCredentialPolicy(at, "https://management.azure.com/.default")]
    return PipelineClient("https://management.azure.com", policies=policies, transport=at.sdk["transport"])


def test_the_pipeline_of_azure_core_reads_changes_and_is_refused_at_once(eudcc: Clerk) -> None:
    vault = f"https://management.azure.com{eudcc.id_of(VAULT)}?api-version=2023-07-01"
    with core(eudcc) as asked:
        found = asked.send_request(HttpRequest("GET", vault))
        found.raise_for_status()
        assert found.json()["properties"]["publicNetworkAccess"] == "Disabled"
        wanted = {"properties": {"publicNetworkAccess": "Enabled", "networkAcls": {"defaultAction": "Allow"}}}
        asked.send_request(HttpRequest("PATCH", vault, json=wanted)).raise_for_status()
        assert reached(eudcc, "internet") == "pass"
        refused = asked.send_request(HttpRequest("DELETE", vault))
        with pytest.raises(HttpResponseError) as error:
            refused.raise_for_status()
        assert (error.value.status_code, error.value.error.code) == (409, "ScopeLocked")  # type: ignore[union-attr]
    with core(eudcc.as_(PORTAL)) as asked:
        assert asked.send_request(HttpRequest("GET", vault)).status_code == 403


def test_diagnostic_settings_by_the_pipeline(eudcc: Clerk) -> None:
    base = f"https://management.azure.com{eudcc.id_of(STORE)}/blobServices/default/providers/Microsoft.Insights"
    with core(eudcc) as asked:
        url = f"{base}/diagnosticSettings?api-version=2021-05-01-preview"
        found = asked.send_request(HttpRequest("GET", url)).json()["value"]
        assert [one["name"] for one in found] == ["to-log-analytics"]
        assert found[0]["id"] != eudcc.id_of(SETTING)


def test_role_assignments(eudcc: Clerk) -> None:
    asked = client(eudcc, "azure.mgmt.authorization", "AuthorizationManagementClient")
    models = pytest.importorskip("azure.mgmt.authorization.models")
    scope = f"{eudcc.id_of(VAULT)}/secrets/of-nobody"
    (role,) = asked.role_definitions.list(scope, filter="roleName eq 'Key Vault Secrets User'")
    assert asked.role_definitions.get_by_id(role.id).role_type == "BuiltInRole"
    custom = asked.role_definitions.list(scope, filter="type eq 'CustomRole'")
    assert "key-custodian-eudcc-ie-prod" in {one.role_name for one in custom}
    who = eudcc.ground.directory.object_id(eudcc.as_(PORTAL).principal)
    wanted = models.RoleAssignmentCreateParameters(
        role_definition_id=role.id, principal_id=who, principal_type="ServicePrincipal"
    )
    assert reads(eudcc, PORTAL, "secrets", "of-nobody") == "fail"
    made = asked.role_assignments.create(scope, str(uuid.uuid4()), wanted)
    assert reads(eudcc, PORTAL, "secrets", "of-nobody") == "pass"
    assert asked.role_assignments.get_by_id(made.id).principal_id == who
    assert made.id in {one.id for one in asked.role_assignments.list_for_scope(scope, filter=f"principalId eq '{who}'")}
    assert made.id in {one.id for one in asked.role_assignments.list_for_subscription()}
    with pytest.raises(ResourceExistsError):
        asked.role_assignments.create(scope, str(uuid.uuid4()), wanted)
    with pytest.raises(HttpResponseError) as error:
        asked.role_assignments.delete_by_id(made.id)
    assert error.value.error.code == "ScopeLocked"  # type: ignore[union-attr]
    assert eudcc.call("DELETE", eudcc.id_of(LOCK))[0] == 200
    assert asked.role_assignments.delete_by_id(made.id).id == made.id
    assert asked.role_assignments.delete_by_id(made.id) is None
    assert reads(eudcc, PORTAL, "secrets", "of-nobody") == "fail"


def test_vaults(eudcc: Clerk) -> None:
    asked = client(eudcc, "azure.mgmt.keyvault", "KeyVaultManagementClient")
    vault = asked.vaults.get(RESOURCES, NAME)
    assert (vault.id, vault.properties.public_network_access) == (eudcc.id_of(VAULT), "Disabled")
    assert {v.name for v in asked.vaults.list_by_subscription()} == {"kv-eudcc-eu-prod", NAME}
    assert "mysql-pw" in {s.name for s in asked.secrets.list(RESOURCES, NAME)}
    vault.properties.public_network_access = "Enabled"
    vault.properties.network_acls.default_action = "Allow"
    wanted = {"location": vault.location, "properties": vault.properties}
    assert asked.vaults.begin_create_or_update(RESOURCES, NAME, wanted).result().properties.enable_purge_protection
    assert reached(eudcc, "internet") == "pass"
    with pytest.raises(HttpResponseError, match="Purge protection"):
        asked.vaults.update(RESOURCES, NAME, {"properties": {"enablePurgeProtection": False}})


def test_networks(eudcc: Clerk) -> None:
    asked = client(eudcc, "azure.mgmt.network", "NetworkManagementClient")
    group = str(eudcc.resource(GROUP).title)
    assert [r.name for r in asked.network_security_groups.get(RESOURCES, group).security_rules][-1] == "nothing-else"
    asked.security_rules.begin_delete(RESOURCES, group, "services").result()
    assert reached(eudcc, "snet-nodes-ie") == "fail"
    made = asked.security_rules.begin_create_or_update(RESOURCES, group, "all", {"properties": RULE}).result()
    assert (made.priority, reached(eudcc, "snet-nodes-ie")) == (150, "pass")
    assert asked.security_rules.get(RESOURCES, group, "all").access == "Allow"
    endpoint = "pe-kv-eudcc-ie-prod"
    assert endpoint in {one.name for one in asked.private_endpoints.list(RESOURCES)}
    asked.private_endpoints.begin_delete(RESOURCES, endpoint).result()
    assert reached(eudcc, "snet-nodes-ie") == "fail"


def test_resources_and_groups(eudcc: Clerk) -> None:
    asked = client(eudcc, "azure.mgmt.resource.resources", "ResourceManagementClient")
    assert RESOURCES in {group.name for group in asked.resource_groups.list()}
    assert asked.resource_groups.check_existence(RESOURCES)
    assert not asked.resource_groups.check_existence("none")
    vaults = asked.resources.list(filter="resourceType eq 'Microsoft.KeyVault/vaults'")
    assert {one.name for one in vaults} == {"kv-eudcc-eu-prod", NAME}
    found = asked.resources.get_by_id(eudcc.id_of(VAULT), api_version="2023-07-01")
    assert found.properties["enablePurgeProtection"]


def test_locks(eudcc: Clerk) -> None:
    asked = client(eudcc, "azure.mgmt.resource.locks", "ManagementLockClient")
    found = asked.management_locks.list_at_resource_level(RESOURCES, "Microsoft.KeyVault", "", "vaults", NAME)
    assert [lock.level for lock in found] == ["CanNotDelete"]
    assert len(list(asked.management_locks.list_at_subscription_level())) == 12
    asked.management_locks.delete_by_scope(eudcc.id_of(VAULT), "keep")
    assert not list(asked.management_locks.list_by_scope(eudcc.id_of(VAULT)))


def test_accounts(eudcc: Clerk) -> None:
    asked = client(eudcc, "azure.mgmt.storage", "StorageManagementClient")
    name = eudcc.resource(STORE).title
    assert asked.storage_accounts.get_properties(RESOURCES, name).allow_shared_key_access is False
    changed = asked.storage_accounts.update(RESOURCES, name, {"properties": {"allowSharedKeyAccess": True}})
    assert changed.allow_shared_key_access is True
    with pytest.raises(HttpResponseError, match="does not serve"):
        asked.storage_accounts.list_keys(RESOURCES, name)


def test_a_token_of_another_audience_is_refused(eudcc: Clerk) -> None:
    class Other(Clerk):
        @property
        def token(self) -> str:
            return self.ground.tokens.issue(self.principal, "https://vault.azure.net").text

    with core(Other(eudcc.ground)) as asked:
        found = asked.send_request(
            HttpRequest("GET", "https://management.azure.com/subscriptions?api-version=2020-01-01")
        )
        with pytest.raises((ClientAuthenticationError, HttpResponseError)) as error:
            found.raise_for_status()
    assert error.value.status_code == 401
