"""Plans and states, as Terraform 1.11 writes them, become declarations that keep their edges."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ringfence.mapping.link import link
from ringfence.model.symbol import Apply, Choice, Ref, Text, plain
from ringfence.model.world import Ledger, World
from ringfence.readers.plan import declarations

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Body, Declaration
    from ringfence.model.estate import Estate

FIXTURES = Path(__file__).parent / "fixtures"


def read(name: str, root: str = ".") -> dict[str, Declaration]:
    found = declarations(FIXTURES / f"{name}.json", Ledger(), root)
    return {d.address: d for d in found}


def estate(**plans: str) -> Estate:
    ledger = Ledger()
    found = [d for root, name in plans.items() for d in declarations(FIXTURES / f"{name}.json", ledger, root)]
    return link(World("prod"), found, ledger)


def value(body: Body, *path: str) -> object:
    for step in path[:-1]:
        body = body.blocks(step).items[0]
    written = body.attribute(path[-1])
    return written.value if written else None


def test_addresses_are_terraforms() -> None:
    found = read("lantern-platform-prod")
    endpoint = found['module.audit_store.module.endpoint["blob"].azurerm_private_endpoint.this']
    assert (endpoint.module, endpoint.index) == ('module.audit_store.module.endpoint["blob"]', "")
    assert found['azurerm_subnet.platform["web"]'].index == '["web"]'
    assert found["azurerm_management_lock.platform[0]"].key == ".#azurerm_management_lock.platform[0]"
    assert found["data.azurerm_subscription.current"].mode == "data"
    assert len(found) == 56
    assert {str(d.versions) for d in found.values()} == {"azurerm 3.117.1"}


def test_origin_names_the_plan_and_the_address() -> None:
    vault = read("lantern-platform-prod")["azurerm_key_vault.platform"]
    written = vault.body.attribute("purge_protection_enabled")
    assert written is not None
    assert written.origin.file == "lantern-platform-prod.json"
    assert written.origin.expression == "azurerm_key_vault.platform.purge_protection_enabled"
    assert written.origin.default == ""


def test_a_value_that_nobody_wrote_is_the_providers_default() -> None:
    store = read("lantern-platform-prod")["module.audit_store.azurerm_storage_account.store"]
    written = store.body.attribute("cross_tenant_replication_enabled")
    assert written is not None
    assert (written.value, written.origin.default) == (True, "azurerm 3.117.1")
    assert store.body.attribute("access_tier") is None, "chosen by Azure, written by nobody"
    assert store.body.attribute("tags") is None
    assert store.body.blocks("queue_properties").open is None, "optional and computed: not written"


@pytest.mark.parametrize(
    ("address", "path", "target"),
    [
        ("azurerm_management_lock.platform[0]", ("scope",), "azurerm_resource_group.platform.id"),
        (
            "azurerm_monitor_diagnostic_setting.activity",
            ("storage_account_id",),
            "module.audit_store.azurerm_storage_account.store.id",
        ),
        (
            'azurerm_network_watcher_flow_log.platform["web"]',
            ("network_security_group_id",),
            'azurerm_network_security_group.platform["web"].id',
        ),
        (
            'azurerm_subnet_network_security_group_association.platform["jump"]',
            ("subnet_id",),
            'azurerm_subnet.platform["jump"]',
        ),
        (
            "module.vault_endpoint.azurerm_private_endpoint.this",
            ("private_service_connection", "private_connection_resource_id"),
            "azurerm_key_vault.platform.id",
        ),
        (
            'module.audit_store.module.endpoint["blob"].azurerm_private_endpoint.this',
            ("private_service_connection", "private_connection_resource_id"),
            "module.audit_store.azurerm_storage_account.store.id",
        ),
        (
            'module.audit_store.module.endpoint["blob"].azurerm_private_endpoint.this',
            ("subnet_id",),
            'azurerm_subnet.platform["data"].id',
        ),
    ],
)
def test_unknown_attributes_keep_their_edges(address: str, path: tuple[str, ...], target: str) -> None:
    found = value(read("lantern-platform-prod")[address].body, *path)
    assert isinstance(found, Ref)
    assert str(found) == target


def test_each_value_is_the_instance_with_the_same_key() -> None:
    """Through a module's ``for_each``, a variable, and a ``for`` expression of the caller."""
    address = 'module.audit_store.module.endpoint["blob"].azurerm_private_endpoint.this'
    zones = value(read("lantern-platform-prod")[address].body, "private_dns_zone_group", "private_dns_zone_ids")
    assert zones == (Ref('.#azurerm_private_dns_zone.platform["blob"]', ()),)


def test_principals_keep_their_slot() -> None:
    grant = read("lantern-research-prod")["azurerm_role_assignment.ingest_writes"]
    assert value(grant.body, "principal_id") == Ref(".#azurerm_data_factory.ingest", ("identity", "0", "principal_id"))


def test_what_the_plan_does_not_tell_is_unknown_and_not_an_edge() -> None:
    """The scope is ``"${store.id}/…/${each.value.study}"``, and each.value comes from a local."""
    found = read("lantern-research-prod")
    grant = next(d for a, d in found.items() if a.startswith("azurerm_role_assignment.study["))
    scope = value(grant.body, "scope")
    assert isinstance(scope, Apply)
    assert [str(a) for a in scope.args] == [
        "module.dataset_store.azurerm_storage_account.store.id",
        "local.grants.study",
    ]


def test_logs_of_a_storage_account_are_those_of_a_service() -> None:
    """A plan writes ``store.id`` and ``"${store.id}/blobServices/default"`` alike; only a service has logs."""
    found = read("lantern-research-prod")
    module = "module.dataset_store.azurerm_monitor_diagnostic_setting"
    store = Ref(".#module.dataset_store.azurerm_storage_account.store", ("id",))
    assert value(found[f'{module}.service["blob"]'].body, "target_resource_id") == Text(
        (store, "/blobServices/default")
    )
    assert value(found[f"{module}.account"].body, "target_resource_id") == store
    doubtful = value(read("unknowns")["azurerm_monitor_diagnostic_setting.st"].body, "target_resource_id")
    assert isinstance(doubtful, Choice)


def test_a_sensitive_value_that_is_not_known_is_only_unknown() -> None:
    found = read("lantern-research-prod")
    password = value(found["azurerm_mssql_server.features"].body, "administrator_login_password")
    assert password == Ref(".#random_password.sql", ("result",))


def test_dynamic_blocks_of_unknown_number_are_open() -> None:
    found = read("unknowns")
    rules = found["azurerm_network_security_group.dyn2"].body.blocks("security_rule")
    assert (rules.items, str(rules.open)) == ((), "azurerm_network_security_group.dyn2.security_rule")
    delegations = found["azurerm_subnet.s[0]"].body.blocks("delegation")
    assert str(delegations.open) == "azurerm_subnet.s[0].delegation"
    assert found["azurerm_network_security_group.none"].body.blocks("security_rule").open is None
    one = found["azurerm_network_security_group.dyn"].body.blocks("security_rule")
    assert (len(one.items), one.open) == (1, None)
    prefix = value(one.items[0], "source_address_prefix")
    assert str(plain(prefix)).endswith("security_rule[0].source_address_prefix")  # type: ignore[arg-type]


def test_a_splat_is_all_instances_in_order() -> None:
    subnets = value(read("unknowns")["azurerm_storage_account.st"].body, "network_rules", "virtual_network_subnet_ids")
    assert subnets == (Ref(".#azurerm_subnet.s[0]", ()), Ref(".#azurerm_subnet.s[1]", ()))
    assert value(read("unknowns")["azurerm_private_endpoint.st[1]"].body, "subnet_id") == Ref(
        ".#azurerm_subnet.s[1]", ()
    )


def test_plans_of_several_roots_are_one_estate() -> None:
    """``research`` was planned when ``platform`` was there: its ids are strings, and find what platform declares."""
    found = estate(platform="lantern-platform-prod", research="lantern-research-prod", portal="lantern-portal-prod")
    assert {"platform", "research", "portal"} <= {r.root for r in found.resources.values()}
    grant = found.resources["research#azurerm_role_assignment.sql_reads_key"]
    target = found.target(grant, grant.scope)
    assert getattr(target, "key", None) == "platform#azurerm_key_vault.platform"
