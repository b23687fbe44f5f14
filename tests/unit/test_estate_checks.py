"""Checks of machines, clusters, roles, locks and Defender, on what fixtures in Terraform do not show."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.subscription import KEY
from ringfence.model.symbol import Choice, Input, Ref, Text
from tests.support import declare, estate, verdict

AKS = "azurerm_kubernetes_cluster.k"


def judged(check: str, address: str, version: str = "3.47.0", **content: Any) -> Any:
    return verdict(check, estate(declare(address, version=version, name="x", **content)), address)


def shown(judged: Any) -> list[tuple[str, Any, str]]:
    return [(e.field, e.actual, e.origin.default) for e in judged.evidence]


# -- clusters


def test_rbac_by_version() -> None:
    assert shown(judged("aks-rbac", AKS, "2.71.0")) == [("enable_rbac", False, "Azure")]
    old = [{"enabled": True, "azure_active_directory": [{"managed": True}]}]
    assert judged("aks-rbac", AKS, "2.71.0", role_based_access_control=old).outcome == "pass"
    assert judged("aks-directory-sign-in", AKS, "2.71.0", role_based_access_control=old).outcome == "pass"
    assert (
        judged("aks-directory-sign-in", AKS, "2.71.0", role_based_access_control=[{"enabled": True}]).outcome == "fail"
    )
    assert shown(judged("aks-rbac", AKS, "3.47.0")) == [("enable_rbac", True, "azurerm 3.47.0")]
    late = judged("aks-rbac", AKS, "3.47.0", role_based_access_control=old)
    assert (late.outcome, late.needs[0].kind) == ("unknown", "version")


def test_the_directory_is_always_managed_since_4() -> None:
    block = [{"admin_group_object_ids": ("g",)}]
    name = "azure_active_directory_role_based_access_control"
    assert judged("aks-directory-sign-in", AKS, "4.81.0", **{name: block}).outcome == "pass"
    assert judged("aks-directory-sign-in", AKS, "3.117.1", **{name: block}).outcome == "fail"


def test_add_ons_by_version() -> None:
    workspace = Ref(".#azurerm_log_analytics_workspace.w", ("id",))
    old = [{"oms_agent": [{"enabled": False, "log_analytics_workspace_id": workspace}]}]
    assert judged("aks-logs", AKS, "2.71.0", addon_profile=old).outcome == "fail"
    new = [{"log_analytics_workspace_id": workspace}]
    assert judged("aks-logs", AKS, "3.47.0", oms_agent=new).outcome == "pass"
    assert judged("aks-logs", AKS, "3.47.0").outcome == "fail"
    policy = [{"azure_policy": [{"enabled": True}]}]
    assert judged("aks-azure-policy", AKS, "2.71.0", addon_profile=policy).outcome == "pass"
    assert judged("aks-azure-policy", AKS, "3.47.0", azure_policy_enabled=True).outcome == "pass"


def test_the_identity_of_2_71_is_one_and_later_a_list() -> None:
    identity = Ref(".#azurerm_user_assigned_identity.u", ("id",))
    for version, content in (
        ("2.71.0", {"type": "UserAssigned", "user_assigned_identity_id": identity}),
        ("3.47.0", {"type": "UserAssigned", "identity_ids": (identity,)}),
    ):
        found = estate(
            declare("azurerm_user_assigned_identity.u", name="u"),
            declare(AKS, version=version, name="k", identity=[content]),
        )
        cluster: Any = found.resources[f".#{AKS}"]
        (link,) = cluster.user_assigned_identities
        assert found.target(cluster, link) is found.resources[".#azurerm_user_assigned_identity.u"]


# -- disks

VM = "azurerm_linux_virtual_machine.vm"
SET = Ref(".#azurerm_disk_encryption_set.s", ("id",))


def attachment(vm: Any, disk: Any) -> Any:
    return declare("azurerm_virtual_machine_data_disk_attachment.a", virtual_machine_id=vm, managed_disk_id=disk, lun=1)


@pytest.mark.parametrize(
    ("os_set", "data_set", "outcome"),
    [(SET, SET, "pass"), (SET, None, "fail"), (None, SET, "fail"), (SET, Input(".", "s"), "unknown")],
)
def test_attached_disks_are_judged_with_their_machine(os_set: Any, data_set: Any, outcome: str) -> None:
    found = estate(
        declare("azurerm_disk_encryption_set.s", name="s"),
        declare(VM, name="vm", os_disk=[{"disk_encryption_set_id": os_set}]),
        declare("azurerm_managed_disk.d", name="d", disk_encryption_set_id=data_set),
        attachment(Ref(f".#{VM}", ("id",)), Ref(".#azurerm_managed_disk.d", ("id",))),
    )
    assert verdict("vm-disks-customer-key", found, VM).outcome == outcome
    assert verdict("disk-customer-key", found, "azurerm_managed_disk.d").outcome == "not applicable"


def test_a_disk_that_may_be_attached_is_unknown() -> None:
    found = estate(
        declare(VM, name="vm", os_disk=[{}]),
        declare("azurerm_managed_disk.d", name="d"),
        attachment(Ref(f".#{VM}", ("id",)), Input(".", "disk")),
    )
    assert verdict("disk-customer-key", found, "azurerm_managed_disk.d").outcome == "unknown"


def test_a_confidential_machine_has_its_own_disk_encryption_set() -> None:
    found = judged("vm-disks-customer-key", VM, "4.81.0", os_disk=[{"secure_vm_disk_encryption_set_id": SET}])
    assert found.outcome == "pass"


def test_windows_has_passwords_and_linux_has_none_by_default() -> None:
    windows = "azurerm_windows_virtual_machine.w"
    assert judged("vm-password-authentication", windows).outcome == "not applicable"
    assert judged("vm-password-authentication", VM).outcome == "pass"
    legacy = "azurerm_virtual_machine.v"
    config = [{"disable_password_authentication": False}]
    assert judged("vm-password-authentication", legacy, os_profile_linux_config=config).outcome == "fail"


# -- Databricks


@pytest.mark.parametrize(
    ("version", "content", "outcome"),
    [
        ("3.47.0", {}, "fail"),
        ("3.47.0", {"custom_parameters": [{"public_subnet_name": "p"}]}, "fail"),
        ("4.81.0", {"custom_parameters": [{"public_subnet_name": "p"}]}, "pass"),
    ],
)
def test_clusters_have_public_addresses_by_default_until_4(version: str, content: Any, outcome: str) -> None:
    assert judged("databricks-no-public-ip", "azurerm_databricks_workspace.d", version, **content).outcome == outcome


# -- Defender


def plan(name: str, resource_type: Any, tier: Any, **content: Any) -> Any:
    address = f"azurerm_security_center_subscription_pricing.{name}"
    return declare(address, resource_type=resource_type, tier=tier, **content)


@pytest.mark.parametrize(
    ("check", "declared"),
    [
        ("defender-key-vault", plan("a", "KeyVaults", "Free")),
        ("defender-key-vault", plan("a", Input(".", "x"), "Free")),
        ("defender-databases", plan("a", "CosmosDbs", "Free")),
        ("defender-containers", plan("a", "KubernetesService", "Free")),
        ("defender-contact", declare("azurerm_security_center_contact.c", email="a@example.org")),
        ("defender-endpoint", declare("azurerm_security_center_setting.s", setting_name="WDATP", enabled=True)),
        ("defender-agent-provisioning", declare("azurerm_security_center_auto_provisioning.p", auto_provision="On")),
        (
            "subscription-lock-administrators",
            declare("azurerm_role_definition.r", name="r", permissions=[{"actions": ("Microsoft.Authorization/*",)}]),
        ),
    ],
)
def test_only_what_is_declared_is_judged(check: str, declared: Any) -> None:
    from ringfence.checks.check import checks

    other = plan("other", "StorageAccounts", "Standard")
    assert checks()[check].resources(estate(other)) == ()
    assert [r.key for r in checks()[check].resources(estate(other, declared))] == [KEY]


def test_a_part_that_is_not_declared_needs_the_subscription() -> None:
    found = verdict("defender-databases", estate(plan("a", "CosmosDbs", "Standard")), KEY)
    assert found.outcome == "unknown"
    assert {n.kind for n in found.needs} == {"subscription"}


def test_all_four_plans_for_databases() -> None:
    names = ("SqlServers", "SqlServerVirtualMachines", "OpenSourceRelationalDatabases", "CosmosDbs")
    plans = [plan(n.lower(), n, "Standard") for n in names]
    assert verdict("defender-databases", estate(*plans), KEY).outcome == "pass"
    assert verdict("defender-databases", estate(*plans[1:]), KEY).outcome == "unknown"
    assert verdict("defender-databases", estate(*plans[1:], plan("s", "SqlServers", "Free")), KEY).outcome == "fail"


def test_a_plan_without_a_type_is_for_servers() -> None:
    found = estate(declare("azurerm_security_center_subscription_pricing.a", tier="Standard"))
    assert verdict("defender-servers", found, KEY).outcome == "pass"


def test_containers_by_the_plan_of_now_or_the_two_of_before() -> None:
    assert verdict("defender-containers", estate(plan("a", "Containers", "Standard")), KEY).outcome == "pass"
    before = (plan("a", "KubernetesService", "Standard"), plan("b", "ContainerRegistry", "Standard"))
    assert verdict("defender-containers", estate(*before), KEY).outcome == "pass"
    assert verdict("defender-containers", estate(before[0]), KEY).outcome == "unknown"


def test_a_plan_that_may_not_be_created_is_unknown() -> None:
    found = estate(plan("a", "KeyVaults", "Standard", presence=Input(".", "x")))
    assert verdict("defender-key-vault", found, KEY).outcome == "unknown"
    found = estate(plan("a", "KeyVaults", "Free", presence=Input(".", "x")))
    assert verdict("defender-key-vault", found, KEY).outcome == "unknown"


def test_evidence_names_the_plan_and_not_the_subscription() -> None:
    found = verdict("defender-key-vault", estate(plan("a", "KeyVaults", "Free")), KEY)
    assert [(e.field, e.actual, e.resource) for e in found.evidence] == [
        ("pricing_tier", "Free", ".#azurerm_security_center_subscription_pricing.a")
    ]


# -- locks

KV = "azurerm_key_vault.kv"
GROUP = Ref(".#azurerm_resource_group.rg", ("id",))


def lock(scope: Any, **content: Any) -> Any:
    content.setdefault("lock_level", "CanNotDelete")
    return declare("azurerm_management_lock.l", name="l", scope=scope, **content)


@pytest.mark.parametrize(
    ("locks", "outcome"),
    [
        ((), "fail"),
        ((lock(Ref(f".#{KV}", ("id",))),), "pass"),
        ((lock(GROUP),), "pass"),
        ((lock(GROUP, lock_level="ReadOnly"),), "pass"),
        ((lock(Ref(".#data.azurerm_subscription.s", ("id",))),), "pass"),
        ((lock(Ref(".#azurerm_resource_group.other", ("id",))),), "fail"),
        ((lock(Ref(".#azurerm_key_vault.other", ("id",))),), "fail"),
        ((lock(GROUP, presence=Input(".", "x")),), "unknown"),
        ((lock(Input(".", "scope")),), "unknown"),
        ((lock(Choice(Input(".", "x"), GROUP, Ref(".#azurerm_resource_group.other", ("id",)))),), "unknown"),
        ((lock(GROUP, lock_level=Input(".", "level")),), "unknown"),
    ],
)
def test_a_lock_holds_for_all_below_it(locks: tuple[Any, ...], outcome: str) -> None:
    found = estate(
        declare("azurerm_resource_group.rg", name="rg"),
        declare("azurerm_resource_group.other", name="other"),
        declare("data.azurerm_subscription.s"),
        declare(KV, name="kv", resource_group_name="rg"),
        declare("azurerm_key_vault.other", name="kv2", resource_group_name="other"),
        *locks,
    )
    assert verdict("keyvault-locked", found, KV).outcome == outcome


def test_a_group_of_which_only_a_part_of_the_name_is_known_is_still_the_same() -> None:
    name = Text(("rg-", Input(".", "suffix")))
    found = estate(
        declare("azurerm_resource_group.rg", name=name),
        declare(KV, name="kv", resource_group_name=name),
        lock(GROUP),
    )
    assert verdict("keyvault-locked", found, KV).outcome == "pass"


def test_which_group_it_is_in_matters_only_where_there_is_a_lock() -> None:
    vault = declare(KV, name="kv", resource_group_name=Input(".", "group"))
    group = declare("azurerm_resource_group.rg", name="rg")
    assert verdict("keyvault-locked", estate(vault, group), KV).outcome == "fail"
    assert verdict("keyvault-locked", estate(vault, group, lock(GROUP)), KV).outcome == "unknown"


# -- roles


def assign(scope: Any, role: Any, **content: Any) -> Any:
    return declare("azurerm_role_assignment.a", scope=scope, role_definition_name=role, principal_id="p", **content)


SUBSCRIPTION = Ref(".#data.azurerm_subscription.s", ("id",))


@pytest.mark.parametrize(
    ("scope", "role", "outcome"),
    [
        (SUBSCRIPTION, "Owner", "fail"),
        (SUBSCRIPTION, "Contributor", "fail"),
        (SUBSCRIPTION, "Role Based Access Control Administrator", "fail"),
        (SUBSCRIPTION, "Reader", "pass"),
        ("/providers/Microsoft.Management/managementGroups/mg", "Owner", "fail"),
        (Input(".", "scope"), "Reader", "pass"),
        (Input(".", "scope"), "Owner", "unknown"),
        (GROUP, "Owner", "not applicable"),
        (SUBSCRIPTION, "unheard of", "unknown"),
    ],
)
def test_nobody_holds_a_subscription_as_a_whole(scope: Any, role: str, outcome: str) -> None:
    found = estate(
        declare("azurerm_resource_group.rg", name="rg"), declare("data.azurerm_subscription.s"), assign(scope, role)
    )
    check = "role-assignment-not-owner-of-subscription"
    assert verdict(check, found, "azurerm_role_assignment.a").outcome == outcome


@pytest.mark.parametrize(
    ("scope", "role", "outcome"),
    [
        (Ref(f".#{KV}", ("id",)), "Key Vault Secrets User", "pass"),
        (Text((Ref(f".#{KV}", ("id",)), "/secrets/s")), "Key Vault Secrets User", "pass"),
        (Text((Ref(f".#{KV}", ("id",)), "/keys/k")), "Key Vault Secrets User", "fail"),
        (Text((Ref(f".#{KV}", ("id",)), "/keys/k")), "Key Vault Crypto Service Encryption User", "pass"),
        (Ref(f".#{KV}", ("id",)), "Storage Blob Data Contributor", "fail"),
        (Ref(f".#{KV}", ("id",)), "Owner", "pass"),
        (Ref(f".#{KV}", ("id",)), "Reader", "pass"),
        (GROUP, "Storage Blob Data Contributor", "pass"),
        (Input(".", "scope"), "Key Vault Secrets User", "unknown"),
        (Ref(".#data.azurerm_key_vault.other", ("id",)), "Key Vault Secrets User", "pass"),
        (Ref(".#data.azurerm_key_vault.other", ("id",)), "AcrPull", "fail"),
    ],
)
def test_a_role_applies_where_it_permits_something(scope: Any, role: str, outcome: str) -> None:
    found = estate(
        declare("azurerm_resource_group.rg", name="rg"),
        declare(KV, name="kv"),
        declare("data.azurerm_key_vault.other", name=Input(".", "name")),
        assign(scope, role),
    )
    assert verdict("role-assignment-applies-at-scope", found, "azurerm_role_assignment.a").outcome == outcome


def test_telemetry_is_sent_to_a_component_by_a_role_on_it() -> None:
    component = "azurerm_application_insights.ai"
    for role, outcome in (("Monitoring Metrics Publisher", "pass"), ("AcrPull", "fail")):
        found = estate(declare(component, name="ai"), assign(Ref(f".#{component}", ("id",)), role))
        assert verdict("role-assignment-applies-at-scope", found, "azurerm_role_assignment.a").outcome == outcome


def test_a_custom_owner_of_one_group_is_no_owner_of_a_subscription() -> None:
    address = "azurerm_role_definition.r"
    everything = [{"actions": ("*",)}]
    for scopes, outcome in (
        ((SUBSCRIPTION,), "fail"),
        ((GROUP,), "pass"),
        ((GROUP, SUBSCRIPTION), "fail"),
        ((Input(".", "s"),), "unknown"),
    ):
        found = estate(
            declare("data.azurerm_subscription.s"),
            declare("azurerm_resource_group.rg", name="rg"),
            declare(address, name="r", scope=SUBSCRIPTION, permissions=everything, assignable_scopes=scopes),
        )
        assert verdict("role-definition-not-owner", found, address).outcome == outcome
    assert verdict("role-definition-no-wildcard", found, address).outcome == "fail"


# -- Bastion


def test_a_bastion_host_is_needed_where_there_are_machines() -> None:
    vm, host = declare(VM, name="vm"), declare("azurerm_bastion_host.b", name="b")
    assert verdict("subscription-bastion", estate(), KEY).outcome == "not applicable"
    assert verdict("subscription-bastion", estate(vm), KEY).outcome == "fail"
    assert verdict("subscription-bastion", estate(vm, host), KEY).outcome == "pass"
    maybe = declare("azurerm_bastion_host.b", name="b", presence=Input(".", "x"))
    assert verdict("subscription-bastion", estate(vm, maybe), KEY).outcome == "unknown"
