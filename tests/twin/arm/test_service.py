"""What Resource Manager answers, and what it changes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.errors import UsageError
from ringfence.model.keyvault import KeyVault, Secret
from ringfence.model.network import NetworkSecurityGroup
from ringfence.model.resource import Implied
from ringfence.model.storage import StorageAccount
from ringfence.model.world import Altered, Change
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.places import places
from ringfence.twin.arm import changes
from ringfence.twin.arm.owner import OWNER
from ringfence.twin.arm.service import ResourceManager
from tests.twin import grounds
from tests.twin.arm.clerk import ADDRESS, Clerk, clerk

if TYPE_CHECKING:
    from pathlib import Path

VAULT, ENDPOINT = "ie#azurerm_key_vault.vault", "ie#azurerm_private_endpoint.vault"
PORTAL = "ie-workloads#azurerm_user_assigned_identity.dgca_issuance_web"
STORE, GROUP = "ie#azurerm_storage_account.flows", "ie#azurerm_network_security_group.endpoints"
LOCK, SETTING = "ie#azurerm_management_lock.vault", "ie#azurerm_monitor_diagnostic_setting.vault[0]"
READ = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
USER = "4633458b-17de-408a-b874-0445c86b69e6"
ASSIGNED = "/providers/Microsoft.Authorization/roleAssignments"
NAME = "0b1f6471-1bf0-4dda-aec3-cb9272f09590"


@pytest.fixture
def eudcc(tmp_path: Path) -> Clerk:
    return clerk("eudcc", tmp_path)


def reached(at: Clerk, place: str, key: str = VAULT) -> str:
    estate = at.ground.present.estate
    begin, door = places(estate, place)[0], doors(estate.resources[key], estate)[0]
    return at.ground.present.reach(begin, door).answer.verdict.outcome


def reads(at: Clerk, who: str, *part: str) -> str:
    vault = at.resource(VAULT)
    return at.ground.present.may(at.as_(who).principal, READ, Implied(vault, part) if part else vault).outcome


def given(at: Clerk, who: str = PORTAL, role: str = USER) -> dict[str, Any]:
    directory = at.ground.directory
    definition = f"/subscriptions/{directory.subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"
    object_id = directory.object_id(at.as_(who).principal)
    return {"properties": {"roleDefinitionId": definition, "principalId": object_id}}


# -- reading


def test_every_resource_has_an_id_that_leads_back_to_it(eudcc: Clerk) -> None:
    ids, estate = eudcc.service.desk.ids, eudcc.ground.present.estate
    found = [r for r in estate.resources.values() if ids.of(r)]
    assert len(found) > 350
    assert [r for r in found if ids.find(ids.of(r).upper()) is not r] == []
    named = {r.type for r in estate.resources.values() if r.type.startswith("Microsoft.") and not ids.of(r)}
    assert {type_.split("/")[0] for type_ in named} == {"Microsoft.Graph"}


@pytest.mark.parametrize("name", ["eudcc", "flowehr"])
def test_every_resource_can_be_read_and_shows_no_secret(name: str, tmp_path: Path) -> None:
    at = clerk(name, tmp_path)
    for resource in at.ground.present.estate.resources.values():
        id_ = at.service.desk.ids.of(resource)
        if id_:
            status, content = at.call("GET", id_)
            assert (status, content["id"]) == (200, id_), content
            assert not {"appSettings", "administratorLoginPassword", "adminPassword", "clientSecret"} & set(
                _names(content)
            )
            assert not isinstance(resource, Secret) or "value" not in content["properties"]


_SECRET = {"appSettings", "administratorLoginPassword", "adminPassword", "customData", "clientSecret"}


def _names(content: Any) -> list[str]:
    if isinstance(content, dict):
        return [n for k, v in content.items() for n in (k, *_names(v))]
    return [n for one in content for n in _names(one)] if isinstance(content, list) else []


def test_a_vault_is_shown_as_azure_shows_it(eudcc: Clerk) -> None:
    status, content = eudcc.call("GET", eudcc.id_of(VAULT))
    assert status == 200
    assert content["name"] == "kv-eudcc-ie-prod"
    properties = content["properties"]
    assert (properties["publicNetworkAccess"], properties["networkAcls"]["defaultAction"]) == ("Disabled", "Deny")
    assert properties["enablePurgeProtection"] is True
    assert properties["vaultUri"] == "https://kv-eudcc-ie-prod.vault.azure.net/"


def test_lists_have_what_the_caller_may_read(eudcc: Clerk) -> None:
    whole = f"/subscriptions/{eudcc.ground.directory.subscription}"
    everything = eudcc.call("GET", f"{whole}/resources")[1]["value"]
    assert len(everything) > 100
    vaults = eudcc.call("GET", f"{whole}/providers/Microsoft.KeyVault/vaults")[1]["value"]
    assert sorted(v["name"] for v in vaults) == ["kv-eudcc-eu-prod", "kv-eudcc-ie-prod"]
    asked = eudcc.call("GET", f"{whole}/resources", query="$filter=resourceType eq 'Microsoft.KeyVault/vaults'")
    assert [v["id"] for v in asked[1]["value"]] == [v["id"] for v in vaults]
    assert eudcc.as_(PORTAL).call("GET", f"{whole}/resources") == (200, {"value": []})
    group = eudcc.call("GET", f"{whole}/resourceGroups/rg-eudcc-ie-prod")[1]
    assert len(eudcc.call("GET", f"{group['id']}/resources")[1]["value"]) < len(everything)
    assert len(eudcc.call("GET", f"{whole}/resourcegroups")[1]["value"]) == 4
    assert eudcc.call("GET", "/subscriptions")[1]["value"][0]["state"] == "Enabled"
    secrets = eudcc.call("GET", f"{eudcc.id_of(VAULT)}/secrets")[1]["value"]
    assert "mysql-pw" in {s["name"] for s in secrets}


def test_what_nobody_gave_is_refused_with_the_rule_that_decided(eudcc: Clerk) -> None:
    status, content = eudcc.as_(PORTAL).call("GET", eudcc.id_of(VAULT))
    assert (status, content["error"]["code"]) == (403, "AuthorizationFailed")
    assert "Microsoft.KeyVault/vaults/read" in content["error"]["message"]


def test_what_is_not_there_or_not_served_is_said(eudcc: Clerk) -> None:
    vault, group = eudcc.id_of(VAULT), eudcc.id_of(VAULT).partition("/providers/")[0]
    answers = {
        ("GET", f"{group}/providers/Microsoft.KeyVault/vaults/none"): (404, "ResourceNotFound"),
        ("GET", f"{vault}/secrets/none"): (404, "ResourceNotFound"),
        ("POST", vault): (405, "NotServedByTwin"),
        ("DELETE", f"{vault}/secrets/mysql-pw"): (405, "NotServedByTwin"),
        ("PUT", f"{group}/providers/Microsoft.Compute/virtualMachines/none"): (405, "NotServedByTwin"),
        ("PUT", f"{group}/providers/Microsoft.KeyVault/vaults/none"): (405, "NotServedByTwin"),
        ("GET", f"{group}/providers/Microsoft.Elsewhere/things/none"): (404, "NotServedByTwin"),
        ("GET", f"{group}/providers/Microsoft.KeyVault"): (404, "NotServedByTwin"),
        ("GET", "/elsewhere"): (404, "NotServedByTwin"),
        ("GET", f"{vault}/../../x"): (400, "InvalidRequestUri"),
        ("GET", f"{vault}/%2e%2e/x"): (400, "InvalidRequestUri"),
    }
    found = {asked: eudcc.call(*asked, {}) for asked in answers}
    assert {k: (status, content["error"]["code"]) for k, (status, content) in found.items()} == answers


def test_without_a_token_or_a_version_nothing_is_answered(eudcc: Clerk) -> None:
    url = f"https://management.azure.com{eudcc.id_of(VAULT)}"
    found = eudcc.ask("GET", f"{url}?api-version=2023-01-01")
    assert (found.status, json.loads(found.body)["error"]["code"]) == (401, "AuthenticationFailed")
    assert "authorization_uri" in found.header("WWW-Authenticate")
    vaults = eudcc.ground.tokens.issue(eudcc.principal, "https://vault.azure.net").text
    found = eudcc.ask("GET", f"{url}?api-version=2023-01-01", headers={"Authorization": f"Bearer {vaults}"})
    assert (found.status, json.loads(found.body)["error"]["code"]) == (401, "InvalidAuthenticationToken")
    mine = {"Authorization": f"Bearer {eudcc.token}"}
    assert json.loads(eudcc.ask("GET", url, headers=mine).body)["error"]["code"] == "MissingApiVersionParameter"
    odd = eudcc.ask("GET", f"{url}?api-version=new", headers=mine)
    assert json.loads(odd.body)["error"]["code"] == "InvalidApiVersionParameter"


# -- role assignments


def test_an_assignment_on_one_item_is_seen_at_once_and_is_gone_when_it_is_deleted(eudcc: Clerk) -> None:
    scope = f"{eudcc.id_of(VAULT)}/secrets/not-declared"
    assert reads(eudcc, PORTAL, "secrets", "not-declared") == "fail"
    status, content = eudcc.call("PUT", f"{scope}{ASSIGNED}/{NAME}", given(eudcc))
    assert (status, content["name"], content["properties"]["scope"]) == (201, NAME, scope)
    assert content["properties"]["principalType"] == "ServicePrincipal"
    assert reads(eudcc, PORTAL, "secrets", "not-declared") == "pass"
    assert reads(eudcc, PORTAL, "secrets", "another") == "fail"
    assert eudcc.call("GET", f"{scope}{ASSIGNED}/{NAME}") == (200, content)
    assert eudcc.call("DELETE", f"{scope}{ASSIGNED}/{NAME}")[1]["error"]["code"] == "ScopeLocked"
    assert eudcc.call("DELETE", eudcc.id_of(LOCK))[0] == 200
    assert eudcc.call("DELETE", f"{scope}{ASSIGNED}/{NAME}") == (200, content)
    assert reads(eudcc, PORTAL, "secrets", "not-declared") == "fail"
    assert eudcc.call("DELETE", f"{scope}{ASSIGNED}/{NAME}") == (204, None)


def test_a_declared_assignment_can_be_taken_away(eudcc: Clerk) -> None:
    key = "ie#azurerm_role_assignment.mysql_key"
    identity = "ie#azurerm_user_assigned_identity.mysql"
    may = eudcc.ground.present.may
    unwrap = "Microsoft.KeyVault/vaults/keys/unwrap/action"
    on = eudcc.resource("ie#azurerm_key_vault_key.mysql_encryption_key")
    assert may(eudcc.as_(identity).principal, unwrap, on).outcome == "pass"
    id_ = eudcc.id_of(key)
    assert eudcc.call("DELETE", id_)[0] == 409
    assert eudcc.call("DELETE", eudcc.id_of(LOCK))[0] == 200
    status, content = eudcc.call("DELETE", id_)
    assert status == 200
    assert may(eudcc.as_(identity).principal, unwrap, on).outcome == "fail"
    assert eudcc.call("PUT", id_, content)[0] == 201
    assert may(eudcc.as_(identity).principal, unwrap, on).outcome == "pass"


def test_whoever_may_be_named_is_named_by_the_object_id_that_is_shown(eudcc: Clerk) -> None:
    vault = eudcc.id_of(VAULT)
    directory = eudcc.ground.directory
    one_of_each = {p.kind: p for p in directory.everybody()}.values()
    assert len(one_of_each) > 3
    for at, principal in enumerate(one_of_each):
        name = f"00000000-0000-0000-0000-{at:012}"
        status, content = eudcc.call("PUT", f"{vault}{ASSIGNED}/{name}", given(eudcc, principal.key))
        if content.get("error", {}).get("code") != "RoleAssignmentExists":
            assert status == 201, content
            assert content["properties"]["principalId"] == directory.object_id(principal)
            assert reads(eudcc, principal.key) == "pass"


def test_what_no_assignment_can_be_is_refused(eudcc: Clerk) -> None:
    vault = eudcc.id_of(VAULT)
    there = f"{vault}{ASSIGNED}/{NAME}"
    nobody = {"properties": {**given(eudcc)["properties"], "principalId": NAME}}
    refused = [
        (f"{vault}{ASSIGNED}/word", given(eudcc), "InvalidRoleAssignmentId"),
        (there, given(eudcc, role=NAME), "RoleDefinitionDoesNotExist"),
        (there, nobody, "PrincipalNotFound"),
        (there, [], "InvalidRequestContent"),
    ]
    assert [eudcc.call("PUT", path, body)[1]["error"]["code"] for path, body, _ in refused] == [c for *_, c in refused]
    assert eudcc.call("PUT", there, given(eudcc))[0] == 201
    again = eudcc.call("PUT", f"{vault}{ASSIGNED}/{NAME[:-1]}1", given(eudcc))
    assert (again[0], again[1]["error"]["code"]) == (409, "RoleAssignmentExists")
    mine = eudcc.as_(PORTAL)
    assert mine.call("PUT", there, given(eudcc))[0] == 403
    assert mine.call("DELETE", there)[0] == 403


def test_assignments_are_listed_at_above_and_below_a_scope(eudcc: Clerk) -> None:
    vault = eudcc.id_of(VAULT)

    def ids(scope: str, query: str = "") -> set[str]:
        return {a["id"] for a in eudcc.call("GET", f"{scope}{ASSIGNED}", query=query)[1]["value"]}

    key = eudcc.id_of("ie#azurerm_role_assignment.mysql_key")
    owner = next(i for i in ids(vault, "$filter=atScope()") if i.startswith(f"{vault.split('/resource')[0]}/providers"))
    assert key in ids(vault)
    assert key not in ids(vault, "$filter=atScope()")
    assert owner in ids(vault)
    who = eudcc.ground.directory.object_id(eudcc.as_("ie#azurerm_user_assigned_identity.mysql").principal)
    assert ids(vault, f"$filter=principalId eq '{who}'") == {key}
    assert ids(vault, f"$filter=atScope() and assignedTo('{who}')") == set()
    assert eudcc.call("GET", f"{vault}{ASSIGNED}", query="$filter=x eq 1")[0] == 400


@pytest.mark.parametrize("scope", ["", "/resourceGroups/rg-eudcc-ie-prod"])
def test_a_role_on_a_group_or_the_subscription_holds_for_all_in_it(eudcc: Clerk, scope: str) -> None:
    whole = f"{eudcc.service.desk.ids.subscription}{scope}"
    status, content = eudcc.call("PUT", f"{whole}{ASSIGNED}/{NAME}", given(eudcc))
    assert (status, content["id"]) == (201, f"{whole}{ASSIGNED}/{NAME}")
    assert reads(eudcc, PORTAL) == "pass"
    assert eudcc.call("DELETE", content["id"])[0] == 200
    assert reads(eudcc, PORTAL) == "fail"


def test_a_network_shows_its_subnets_and_peerings(eudcc: Clerk) -> None:
    network = eudcc.call("GET", eudcc.id_of("ie#azurerm_virtual_network.ie"))[1]["properties"]
    assert {s["name"] for s in network["subnets"]} == {"snet-nodes-ie", "snet-endpoints-ie"}
    assert network["virtualNetworkPeerings"][0]["properties"]["remoteVirtualNetwork"]["id"].startswith(
        "/subscriptions/"
    )


def test_what_cannot_become_so_stays_as_it_was(eudcc: Clerk) -> None:
    class Broken(grounds.Platform):
        def estate(self, change: Change) -> Any:
            raise UsageError("the folder is gone")

    before = eudcc.ground.present.change
    eudcc.ground.present.source = Broken("eudcc")
    status, content = eudcc.call("DELETE", eudcc.id_of(ENDPOINT))
    assert (status, content["error"]["code"]) == (409, "Conflict")
    assert (eudcc.ground.present.change, changes.load(eudcc.ground.store)) == (before, before)


# -- settings


def test_public_access_opens_the_vault_and_closes_it_again(eudcc: Clerk) -> None:
    def patch(access: str, action: str) -> int:
        properties = {"publicNetworkAccess": access, "networkAcls": {"defaultAction": action}}
        return eudcc.call("PATCH", eudcc.id_of(VAULT), {"properties": properties})[0]

    assert reached(eudcc, "internet") == "fail"
    assert patch("enabled", "Allow") == 200
    assert reached(eudcc, "internet") == "pass"
    assert patch("Disabled", "Deny") == 200
    assert reached(eudcc, "internet") == "fail"


def test_what_a_request_does_not_say_stays(eudcc: Clerk) -> None:
    before = eudcc.call("GET", eudcc.id_of(VAULT))[1]["properties"]
    for properties in ({}, {"publicNetworkAccess": "Disabled"}):
        status, content = eudcc.call("PATCH", eudcc.id_of(VAULT), {"properties": properties})
        assert (status, content["properties"]) == (200, before)
    assert before["networkAcls"]["bypass"] == "AzureServices"


def test_an_address_that_a_rule_names_passes_and_no_other(eudcc: Clerk) -> None:
    properties = {"publicNetworkAccess": "Enabled", "networkAcls": {"ipRules": [{"value": "203.0.113.9"}]}}
    status, content = eudcc.call("PATCH", eudcc.id_of(VAULT), {"properties": properties})
    assert (status, content["properties"]["networkAcls"]["ipRules"]) == (200, [{"value": "203.0.113.9"}])
    assert [reached(eudcc, place) for place in ("203.0.113.9", "203.0.113.8")] == ["pass", "fail"]


def test_purge_protection_that_is_on_stays_on(eudcc: Clerk) -> None:
    status, content = eudcc.call("PATCH", eudcc.id_of(VAULT), {"properties": {"enablePurgeProtection": False}})
    assert (status, content["error"]["code"]) == (400, "BadRequest")
    assert VAULT in content["error"]["message"]
    off = Change(set=(Altered(VAULT, ("enable_purge_protection",), False),))
    eudcc.ground.present.become(OWNER.then(off))
    for wanted in (False, True):
        assert eudcc.call("PATCH", eudcc.id_of(VAULT), {"properties": {"enablePurgeProtection": wanted}})[0] == 200
    assert eudcc.call("PATCH", eudcc.id_of(VAULT), {"properties": {"enablePurgeProtection": False}})[0] == 400


def test_a_request_that_would_change_more_than_that_is_refused(eudcc: Clerk) -> None:
    for properties in ({"softDeleteRetentionInDays": 7}, {"publicNetworkAccess": "Sometimes"}, {"nothing": 1}):
        before = eudcc.ground.present.version
        assert eudcc.call("PATCH", eudcc.id_of(VAULT), {"properties": properties})[0] == 400
        assert eudcc.ground.present.version == before


def test_what_a_client_got_it_may_send_back(eudcc: Clerk) -> None:
    vault, store = eudcc.id_of(VAULT), eudcc.id_of(STORE)
    for id_ in (vault, store):
        content = eudcc.call("GET", id_)[1]
        assert eudcc.call("PUT", id_, content) == (200, content)


def test_a_put_leaves_azures_default_where_nothing_is_said(eudcc: Clerk) -> None:
    assert eudcc.call("PUT", eudcc.id_of(VAULT), {"properties": {}})[1]["error"]["code"] == "LocationRequired"
    assert eudcc.call("PUT", eudcc.id_of(VAULT), {"location": "northeurope", "properties": {}})[0] == 200
    vault = eudcc.resource(VAULT)
    assert isinstance(vault, KeyVault)
    assert vault.public_network_access.value == "Enabled"  # type: ignore[union-attr]
    assert vault.enable_purge_protection.value is True  # type: ignore[union-attr]


def test_an_accounts_settings_change(eudcc: Clerk) -> None:
    wanted = {"allowSharedKeyAccess": True, "allowBlobPublicAccess": True, "minimumTlsVersion": "TLS1_0"}
    assert eudcc.call("PATCH", eudcc.id_of(STORE), {"properties": wanted})[0] == 200
    account = eudcc.resource(STORE)
    assert isinstance(account, StorageAccount)
    found = (account.allow_shared_key_access, account.allow_blob_public_access, account.minimum_tls_version)
    assert [getattr(one, "value", None) for one in found] == [True, True, "TLS1_0"]
    shown = eudcc.call("GET", eudcc.id_of(STORE))[1]["properties"]
    assert wanted.items() <= shown.items()


# -- rules


RULE = {
    "priority": 150, "direction": "Inbound", "access": "Allow", "protocol": "*", "sourcePortRange": "*",
    "destinationPortRange": "*", "sourceAddressPrefix": "*", "destinationAddressPrefix": "*",
}  # fmt: skip


def rules(at: Clerk) -> list[str]:
    group = at.resource(GROUP)
    assert isinstance(group, NetworkSecurityGroup)
    return [str(getattr(r.name, "value", "")) for r in group.security_rules]


def test_a_rule_is_made_changed_removed_and_made_again(eudcc: Clerk) -> None:
    base = f"{eudcc.id_of(GROUP)}/securityRules"
    assert reached(eudcc, "snet-nodes-ie") == "pass"
    assert eudcc.call("DELETE", f"{base}/services")[0] == 200
    assert (reached(eudcc, "snet-nodes-ie"), rules(eudcc)) == ("fail", ["nothing-else"])
    status, content = eudcc.call("PUT", f"{base}/All", {"properties": RULE})
    assert (status, content["properties"]["priority"]) == (201, 150)
    assert (reached(eudcc, "snet-nodes-ie"), rules(eudcc)) == ("pass", ["nothing-else", "All"])
    assert eudcc.call("PUT", f"{base}/all", {"properties": {**RULE, "access": "Deny"}})[0] == 200
    assert reached(eudcc, "snet-nodes-ie") == "fail"
    assert eudcc.call("PUT", f"{base}/services", {"properties": {**RULE, "priority": 110}})[0] == 201
    assert reached(eudcc, "snet-nodes-ie") == "pass"
    assert eudcc.call("DELETE", f"{base}/ALL")[0] == 200
    assert rules(eudcc) == ["services", "nothing-else"]
    assert [r["name"] for r in eudcc.call("GET", base)[1]["value"]] == rules(eudcc)
    assert eudcc.call("GET", f"{base}/services")[1]["properties"]["priority"] == 110
    assert eudcc.call("DELETE", f"{base}/none") == (204, None)


def test_a_rule_that_cannot_be_is_refused(eudcc: Clerk) -> None:
    base = f"{eudcc.id_of(GROUP)}/securityRules"
    odd = [{**RULE, "priority": 4096}, {**RULE, "priority": 99}, {**RULE, "access": "Maybe"}]
    codes = [eudcc.call("PUT", f"{base}/new", {"properties": one})[1]["error"]["code"] for one in odd]
    assert codes == ["SecurityRuleConflict", "SecurityRuleInvalidPriority", "InvalidRequestFormat"]


def test_firewall_rules_of_a_server(tmp_path: Path) -> None:
    at = clerk("flowehr", tmp_path)
    server = at.id_of("transform#azurerm_mssql_server.features")
    rule = {"properties": {"startIpAddress": "203.0.113.1", "endIpAddress": "203.0.113.9"}}
    refused = at.call("PUT", f"{server}/firewallRules/office", rule)
    assert (refused[0], refused[1]["error"]["code"]) == (400, "DenyPublicEndpointEnabled")
    assert at.call("PATCH", server, {"properties": {"publicNetworkAccess": "Enabled"}})[0] == 200
    assert at.call("PUT", f"{server}/firewallRules/office", rule)[0] == 201
    key = "transform#azurerm_mssql_server.features"
    assert [reached(at, place, key) for place in ("203.0.113.5", "203.0.113.10")] == ["pass", "fail"]
    assert at.call("DELETE", f"{server}/firewallRules/office")[1]["error"]["code"] == "ScopeLocked"
    assert at.call("DELETE", at.id_of("transform#azurerm_management_lock.features"))[0] == 200
    assert at.call("DELETE", f"{server}/firewallRules/office")[0] == 200
    assert reached(at, "203.0.113.5", key) == "fail"


# -- extensions and deletion


def test_a_diagnostic_setting_goes_and_comes_back(eudcc: Clerk) -> None:
    id_ = eudcc.id_of(SETTING)
    content = eudcc.call("GET", id_)[1]
    base = id_.rpartition("/")[0]
    assert [s["id"] for s in eudcc.call("GET", base)[1]["value"]] == [id_]
    assert eudcc.call("DELETE", eudcc.id_of(LOCK))[0] == 200
    assert eudcc.call("DELETE", id_)[0] == 200
    assert eudcc.call("GET", base)[1]["value"] == []
    assert eudcc.call("GET", id_)[0] == 404
    status, again = eudcc.call("PUT", id_, content)
    assert (status, again["id"], again["properties"]["workspaceId"]) == (200, id_, content["properties"]["workspaceId"])
    assert again["properties"]["logs"][0]["categoryGroup"] == content["properties"]["logs"][0]["categoryGroup"]


def test_whoever_sends_logs_somewhere_may_have_its_keys(eudcc: Clerk) -> None:
    content = eudcc.call("GET", eudcc.id_of(SETTING))[1]
    monitoring = "749f88d5-cbae-40b8-bcfc-e573ddc772fa"
    vault = f"{eudcc.id_of(VAULT)}{ASSIGNED}/{NAME}"
    assert eudcc.call("PUT", vault, given(eudcc, role=monitoring))[0] == 201
    mine = eudcc.as_(PORTAL).call("PUT", content["id"], content)
    assert (mine[0], mine[1]["error"]["code"]) == (403, "LinkedAuthorizationFailed")


def test_a_locked_resource_is_not_deleted_until_its_lock_is(eudcc: Clerk) -> None:
    id_ = eudcc.id_of(VAULT)
    status, content = eudcc.call("DELETE", id_)
    assert (status, content["error"]["code"]) == (409, "ScopeLocked")
    assert LOCK in content["error"]["message"]
    assert eudcc.call("DELETE", id_.partition("/providers/")[0])[1]["error"]["code"] == "ScopeLocked"
    lock = eudcc.call("GET", eudcc.id_of(LOCK))[1]
    assert eudcc.call("DELETE", eudcc.id_of(LOCK))[0] == 200
    assert eudcc.call("PUT", lock["id"], {"properties": {"level": "CanNotDelete"}})[0] == 200
    assert eudcc.call("DELETE", id_)[0] == 409
    assert eudcc.call("DELETE", lock["id"])[0] == 200
    assert eudcc.call("DELETE", id_)[0] == 200
    assert VAULT not in eudcc.ground.present.estate.resources
    assert eudcc.call("DELETE", id_) == (204, None)


def test_a_lock_that_forbids_change_forbids_it(eudcc: Clerk) -> None:
    lock = f"{eudcc.id_of(VAULT)}/providers/Microsoft.Authorization/locks/still"
    assert eudcc.call("PUT", lock, {"properties": {"level": "ReadOnly"}})[0] == 200
    patched = eudcc.call("PATCH", eudcc.id_of(VAULT), {"properties": {"publicNetworkAccess": "Enabled"}})
    assert (patched[0], patched[1]["error"]["code"]) == (409, "ScopeLocked")
    assert eudcc.call("PUT", f"{eudcc.id_of(VAULT)}{ASSIGNED}/{NAME}", given(eudcc))[0] == 409


def test_without_its_endpoint_the_vault_is_closed_inside(eudcc: Clerk) -> None:
    assert reached(eudcc, "snet-nodes-ie") == "pass"
    assert eudcc.call("DELETE", eudcc.id_of(ENDPOINT))[0] == 200
    assert reached(eudcc, "snet-nodes-ie") == "fail"


# -- what stays


def test_a_change_is_there_after_a_start_from_what_is_on_disk(eudcc: Clerk, tmp_path: Path) -> None:
    assert eudcc.call("PUT", f"{eudcc.id_of(VAULT)}{ASSIGNED}/{NAME}", given(eudcc))[0] == 201
    assert eudcc.call("DELETE", eudcc.id_of(ENDPOINT))[0] == 200
    again = grounds.ground(grounds.Platform("eudcc"), tmp_path)
    again.present.become(changes.load(again.store))
    after = Clerk(again)
    assert again.present.change == eudcc.ground.present.change
    assert reads(after, PORTAL, "secrets", "any") == "pass"
    assert reached(after, "snet-nodes-ie") == "fail"


def test_each_change_and_each_refusal_is_told_in_the_activity_log(eudcc: Clerk) -> None:
    vault = eudcc.id_of(VAULT)
    eudcc.call("GET", vault)
    eudcc.call("PATCH", vault, {"properties": {"publicNetworkAccess": "Enabled"}})
    eudcc.as_(PORTAL).call("DELETE", vault)
    found = [(key, category, row) for key, category, row, _ in grounds.rows(eudcc.ground)]
    assert [(key, category) for key, category, _ in found] == [(".#subscription", "Administrative")] * 2
    made, refused = (row for *_, row in found)
    assert made["OperationNameValue"] == "MICROSOFT.KEYVAULT/VAULTS/WRITE"
    assert (made["ActivityStatusValue"], refused["ActivityStatusValue"]) == ("Success", "Failure")
    assert (made["CallerIpAddress"], made["_ResourceId"]) == (ADDRESS, vault.casefold())
    assert json.loads(refused["Authorization"]) == {"action": "Microsoft.KeyVault/vaults/delete", "scope": vault}
    assert json.loads(refused["Properties"])["code"] == "AuthorizationFailed"
    assert eudcc.token.split(".")[2] not in json.dumps(found)


def test_it_is_a_service(eudcc: Clerk) -> None:
    assert isinstance(eudcc.service, ResourceManager)
    assert eudcc.service.limit == 1_048_576
