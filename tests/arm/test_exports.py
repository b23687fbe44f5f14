"""Exports of Azure Resource Graph and of ``az``: their forms, and what their silence does not say."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ringfence.errors import InputError
from ringfence.model.authorization import RoleAssignment
from ringfence.model.compute import VirtualMachine
from ringfence.model.identity import UserAssignedIdentity
from ringfence.model.keyvault import KeyVault, Secret
from ringfence.model.monitor import DiagnosticSetting
from ringfence.model.network import NetworkSecurityGroup, Subnet, VirtualNetworkPeering
from ringfence.model.principal import principals
from ringfence.model.private_endpoint import PrivateEndpoint
from ringfence.model.resource import External, Implied
from ringfence.model.resources import ResourceGroup
from ringfence.model.storage import StorageAccount
from ringfence.model.subscription import KEY
from ringfence.model.value import Absent, Known, Unknown
from ringfence.model.web import FunctionApp, WebApp
from ringfence.model.world import Ledger
from ringfence.prove import Request, estates, settings_of
from tests.arm.support import GROUP, SUBSCRIPTION, of, row

if TYPE_CHECKING:
    from pathlib import Path

VAULT, STORE, NETWORK = (
    "Microsoft.KeyVault/vaults",
    "Microsoft.Storage/storageAccounts",
    "Microsoft.Network/virtualNetworks",
)
ROLE = "4633458b-17de-408a-b874-0445c86b69e6"


def assignment(scope: str, principal: str) -> dict[str, Any]:
    """A row of the table authorizationresources."""
    properties = {
        "scope": scope,
        "principalId": principal,
        "principalType": "ServicePrincipal",
        "roleDefinitionId": f"{SUBSCRIPTION}/providers/Microsoft.Authorization/RoleDefinitions/{ROLE}",
    }
    whole = f"{scope}/providers/Microsoft.Authorization/roleAssignments/{principal}"
    return {"id": whole, "name": principal, "type": "microsoft.authorization/roleassignments", "properties": properties}


ROWS = [row(VAULT, "kv"), row(STORE, "st", sku={"name": "Standard_LRS"})]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(ROWS),
        json.dumps({"count": 2, "data": ROWS, "skip_token": None, "total_records": 2}, indent=1),
        json.dumps({"value": ROWS}),
        "\n".join(map(json.dumps, ROWS)) + "\n\n",
        json.dumps(
            {"data": {"columns": [{"name": n} for n in ROWS[0]], "rows": [[r[n] for n in ROWS[0]] for r in ROWS]}}
        ),
    ],
    ids=["list", "az graph query", "az rest", "lines", "table"],
)
def test_each_form_of_an_export(tmp_path: Path, text: str) -> None:
    found = of(tmp_path, text)
    assert [r.title for r in (*found.of(KeyVault), *found.of(StorageAccount))] == ["kv", "st"]
    assert found.of(KeyVault)[0].key == f"0.json#{GROUP}/providers/Microsoft.KeyVault/vaults/kv"


def test_one_resource_as_az_shows_it(tmp_path: Path) -> None:
    vault = of(tmp_path, json.dumps(row(VAULT, "kv"), indent=2)).of(KeyVault)[0]
    assert (vault.title, str(vault.origin)) == ("kv", "0.json:1")


def test_rows_have_their_lines(tmp_path: Path) -> None:
    found = of(tmp_path, json.dumps(ROWS, indent=1))
    lines = json.dumps(ROWS, indent=1).split("\n")
    assert [lines[r.origin.line - 1] for r in found.of(StorageAccount)] == [" {"]


def test_strings_of_an_export_are_no_expressions(tmp_path: Path) -> None:
    assert of(tmp_path, [row(VAULT, "kv", {"publicNetworkAccess": "[x()]"})]).of(KeyVault)[0].public_network_access == (
        Known("public_network_access", "[x()]", of(tmp_path, [row(VAULT, "kv")]).of(KeyVault)[0].origin)
    )


def test_children_inside_their_parent_are_resources(tmp_path: Path) -> None:
    group = f"{GROUP}/providers/Microsoft.Network/networkSecurityGroups/n"
    subnet = {
        "name": "s",
        "properties": {"addressPrefix": "10.0.0.0/24", "networkSecurityGroup": {"id": group.upper()}},
    }
    peering = {"name": "p", "properties": {"remoteVirtualNetwork": {"id": f"{GROUP}/providers/{NETWORK}/other"}}}
    network = row(NETWORK, "v", {"subnets": [subnet], "virtualNetworkPeerings": [peering]})
    found = of(tmp_path, [network, row("Microsoft.Network/networkSecurityGroups", "n", {"securityRules": []})])
    inner, group_ = found.of(Subnet)[0], found.of(NetworkSecurityGroup)[0]
    assert inner.key == f"0.json#{GROUP}/providers/{NETWORK}/v/subnets/s"
    assert found.target(inner, inner.network_security_group) is group_
    assert [found.target(group_, a.subnet) for a in group_.attachments] == [inner]
    assert group_.security_rules.open is None
    remote = found.of(VirtualNetworkPeering)[0]
    assert isinstance(found.target(remote, remote.remote_virtual_network), External)


def test_principals_are_whose_identity_has_the_id(tmp_path: Path) -> None:
    rows = [
        row("Microsoft.ManagedIdentity/userAssignedIdentities", "u", {"principalId": "P-1", "clientId": "c-1"}),
        row("Microsoft.Web/sites", "app", kind="app,linux", identity={"type": "SystemAssigned", "principalId": "p-2"}),
        *(assignment(SUBSCRIPTION, p) for p in ("p-1", "P-2", "p-3")),
    ]
    found = of(tmp_path, rows)
    ends = [principals(found, a, a.principal)[0] for a in found.of(RoleAssignment)]  # type: ignore[index]
    assert [(p.kind, p.resource) for p in ends] == [
        ("user-assigned identity", found.of(UserAssignedIdentity)[0]),
        ("system-assigned identity", found.of(WebApp)[0]),
        ("principal", None),
    ]


def test_scopes_are_subscriptions_groups_resources_and_parts(tmp_path: Path) -> None:
    store = f"{GROUP}/providers/{STORE}/st"
    scopes = [
        "/providers/Microsoft.Management/managementGroups/m",
        SUBSCRIPTION,
        GROUP,
        f"{store}/blobServices/default",
    ]
    found = of(tmp_path, [row(STORE, "st"), *(assignment(s, f"p{n}") for n, s in enumerate(scopes))])
    ends = {a.title: found.target(a, a.scope) for a in found.of(RoleAssignment)}
    assert isinstance(ends["p0"], External)
    assert (ends["p0"].name, ends["p0"].type) == (scopes[0], "microsoft.management/managementgroups")
    assert ends["p1"] is found.resources[KEY]
    assert ends["p2"] is found.of(ResourceGroup)[0]
    assert isinstance(ends["p3"], Implied)
    assert (ends["p3"].parent, ends["p3"].path) == (found.of(StorageAccount)[0], ("blobservices", "default"))


def test_what_the_export_does_not_hold_is_not_absent(tmp_path: Path) -> None:
    found = of(tmp_path, ROWS)
    vault = found.of(KeyVault)[0]
    for kind, field in ((RoleAssignment, "scope"), (DiagnosticSetting, "target")):
        assert found.referrers(vault, kind, field).open is not None
    assert found.all_of(Secret).open is not None
    assert found.referrers(vault, PrivateEndpoint, "target").open is None


def test_a_row_of_the_table_closes_it(tmp_path: Path) -> None:
    found = of(tmp_path, ROWS, [assignment(SUBSCRIPTION, "p")])
    assert found.all_of(RoleAssignment).open is None


def test_a_list_of_one_type_says_nothing_of_the_others(tmp_path: Path) -> None:
    found = of(tmp_path, [row(VAULT, "kv")])
    assert found.all_of(KeyVault).open is None
    assert found.all_of(PrivateEndpoint).open is not None


def test_a_page_says_that_there_are_more(tmp_path: Path) -> None:
    page = {"count": 2, "total_records": 3, "skip_token": "x", "data": ROWS}
    rest = {"count": 1, "total_records": 3, "skip_token": None, "data": [row(VAULT, "other")]}
    alone, both = Ledger(), Ledger()
    assert of(tmp_path, page, ledger=alone).all_of(KeyVault).open is not None
    assert of(tmp_path, page, rest, ledger=both).all_of(KeyVault).open is None
    assert [what for what, _ in alone.unread] == ["0.json"]


def test_columns_and_properties_that_were_not_asked_for_are_unknown(tmp_path: Path) -> None:
    rows = [{k: v for k, v in r.items() if k not in ("identity", "properties")} for r in ROWS]
    store = of(tmp_path, rows).of(StorageAccount)[0]
    assert isinstance(store.identity_type, Unknown)
    assert isinstance(store.public_network_access, Unknown)
    assert isinstance(of(tmp_path, ROWS).of(StorageAccount)[0].identity_type, Absent)


def test_children_that_an_export_has_not_are_unknown_and_those_that_it_has_are_read(tmp_path: Path) -> None:
    child = row(f"{STORE}/blobServices", "st/default", {"isVersioningEnabled": True})
    alone, both = (of(tmp_path, rows).of(StorageAccount)[0] for rows in (ROWS, [*ROWS, child]))
    assert isinstance(alone.is_versioning_enabled, Unknown)
    assert isinstance(both.is_versioning_enabled, Known)
    assert isinstance(both.share_delete_retention_days, Unknown)
    assert isinstance(both.queue_logging_read, Unknown)


def test_what_azure_never_gives_out_is_unknown(tmp_path: Path) -> None:
    machine = of(tmp_path, [row("Microsoft.Compute/virtualMachines", "m")]).of(VirtualMachine)[0]
    assert isinstance(machine.admin_password, Unknown)
    assert isinstance(machine.custom_data, Unknown)


def test_a_sites_kind_says_what_it_is(tmp_path: Path) -> None:
    rows = [row("Microsoft.Web/sites", n, kind=k) for n, k in (("a", "app"), ("f", "functionapp,linux"))]
    found = of(tmp_path, rows)
    assert [s.title for s in found.of(WebApp)] == ["a"]
    assert [(s.title, s.os_type.value) for s in found.of(FunctionApp)] == [("f", "Linux")]  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("automatic", "state", "manual"),
    [(True, "Approved", False), (True, "Rejected", True), (False, "Pending", True), (False, "Approved", False)],
)
def test_a_connection_counts_when_it_is_approved(tmp_path: Path, automatic: bool, state: str, manual: bool) -> None:
    connection = {"properties": {"privateLinkServiceConnectionState": {"status": state}, "groupIds": ["vault"]}}
    name = "privateLinkServiceConnections" if automatic else "manualPrivateLinkServiceConnections"
    endpoint = of(tmp_path, [row("Microsoft.Network/privateEndpoints", "pe", {name: [connection]})]).of(
        PrivateEndpoint
    )[0]
    assert endpoint.manual == Known("manual", manual, endpoint.origin)
    assert endpoint.group_ids == Known("group_ids", ("vault",), endpoint.origin)


def test_built_in_roles_are_not_taken_for_custom_ones(tmp_path: Path) -> None:
    from ringfence.model.authorization import RoleDefinition

    def role(name: str, kind: str) -> dict[str, Any]:
        whole = f"{SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/{name}"
        return {"id": whole, "type": "x", "properties": {"type": kind, "roleName": name.upper()}}

    found = of(tmp_path, [role("a", "BuiltInRole"), role("b", "CustomRole")])
    assert [r.title for r in found.of(RoleDefinition)] == ["B"]


def test_several_subscriptions_are_several_scopes(tmp_path: Path) -> None:
    from ringfence.questions.access.scope import containers

    other = json.loads(json.dumps(row(VAULT, "kv2")).replace(SUBSCRIPTION, "/subscriptions/9"))
    found = of(tmp_path, [row(VAULT, "kv"), other])
    ends = [containers(found, v)[0][-1].key for v in found.of(KeyVault)]
    assert len(set(ends)) == 2


def test_a_resource_twice_is_one_and_a_difference_is_said(tmp_path: Path) -> None:
    ledger = Ledger()
    found = of(tmp_path, [*ROWS, ROWS[0], row(STORE, "ST", {"isHnsEnabled": True})], ledger=ledger)
    assert len(found.of(KeyVault)) == len(found.of(StorageAccount)) == 1
    assert ["stands in the input twice" in p.message for p in ledger.problems] == [True]


def test_unknown_types_are_kept_and_counted_and_rows_without_id_are_said(tmp_path: Path) -> None:
    ledger = Ledger()
    found = of(tmp_path, [row("Contoso.Odd/things", "x", {"a": {"b": 1}, "c": 2}), {"name": "no id"}], ledger=ledger)
    odd = next(r for r in found.resources.values() if r.type == "contoso.odd/things")
    assert sorted(odd.remainder()) == ["properties.a", "properties.c"]
    assert ledger.untyped == 1
    assert ledger.skipped == [("0.json:1", "this row has no ARM id")]


_MANY = [
    row(VAULT, "kv", {"networkAcls": {"virtualNetworkRules": [{"id": f"{GROUP}/providers/{NETWORK}/v/subnets/s"}]}}),
    row(NETWORK, "v", {"subnets": [{"name": "s", "properties": {"addressPrefix": "10.0.0.0/24"}}]}),
    row(f"{NETWORK}/subnets", "v/s", {"addressPrefix": "10.0.0.0/25"}),
    row("Microsoft.ManagedIdentity/userAssignedIdentities", "u", {"principalId": "p-1"}),
    row(STORE, "st"),
    row(STORE, "st", {"isHnsEnabled": True}),
    row(f"{STORE}/blobServices", "st/default", {"isVersioningEnabled": True}),
    assignment(GROUP, "p-1"),
]


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(len(_MANY))))
def test_the_order_of_rows_is_irrelevant(tmp_path: Path, order: list[int]) -> None:
    expected, found = (_told(of(tmp_path, rows)) for rows in (_MANY, [_MANY[n] for n in order]))
    assert found == expected


def _told(found: Any) -> list[tuple[Any, ...]]:
    stores = [(s.title, s.is_hns_enabled, s.is_versioning_enabled) for s in found.of(StorageAccount)]
    edges = [repr(found.target(a, a.principal)) for a in found.of(RoleAssignment)]
    vault = found.of(KeyVault)[0]
    rules = [repr(found.target(vault, link)) for link in vault.network_acls_virtual_network_rules]
    ranges = [s.address_prefixes.value for s in found.of(Subnet)]
    return [tuple(found.resources), tuple(stores), tuple(edges), tuple(rules), tuple(ranges)]


@pytest.mark.parametrize(
    ("text", "where", "message"),
    [
        ('{"id": "/a"}\n{"id": \n', "x.jsonl:2", "this is not JSON"),
        ('{"id": "/a", "id": "/b"}\n', "x.jsonl:1", "id is written twice"),
        ("[1]\n", "x.jsonl:1", "this line is no JSON object"),
        ('\n\n{"a": ' + "[" * 100_000, "x.jsonl:3", "nested too deeply"),
    ],
)
def test_a_line_that_cannot_be_read_is_an_error(tmp_path: Path, text: str, where: str, message: str) -> None:
    (tmp_path / "x.jsonl").write_text(text)
    request = Request(tmp_path / "x.jsonl")
    with pytest.raises(InputError) as error:
        list(estates(request, settings_of(request)))
    assert (error.value.where, message in error.value.message) == (where, True)


def test_what_is_not_utf8_is_an_error_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_bytes(b'[\n{"id": "\xff"}]')
    request = Request(tmp_path / "x.json")
    with pytest.raises(InputError, match="not UTF-8") as error:
        list(estates(request, settings_of(request)))
    assert error.value.where == "x.json:2"


def test_a_folder_of_exports_is_one_estate(tmp_path: Path) -> None:
    (tmp_path / "resources.json").write_text(json.dumps({"data": ROWS}))
    (tmp_path / "access.jsonl").write_text(json.dumps(assignment(SUBSCRIPTION, "p")))
    (tmp_path / "package.json").write_text("{}")
    request = Request(tmp_path)
    (found,) = estates(request, settings_of(request))
    assert [len(found.of(k)) for k in (KeyVault, StorageAccount, RoleAssignment)] == [1, 1, 1]
    assert found.ledger.skipped == [("package.json", "this is neither an ARM template nor an export of resources")]


def test_a_plan_may_be_given_as_the_path(tmp_path: Path) -> None:
    plan = {
        "format_version": "1.2",
        "planned_values": {},
        "resource_changes": [
            {
                "address": "azurerm_key_vault.kv",
                "mode": "managed",
                "type": "azurerm_key_vault",
                "name": "kv",
                "provider_name": "registry.terraform.io/hashicorp/azurerm",
                "change": {"actions": ["create"], "after": {"name": "kv"}, "after_unknown": {}},
            }
        ],
    }
    (tmp_path / "plan.json").write_text(json.dumps(plan))
    request = Request(tmp_path / "plan.json")
    (found,) = estates(request, settings_of(request))
    assert [v.address for v in found.of(KeyVault)] == ["azurerm_key_vault.kv"]
