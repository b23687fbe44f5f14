"""Storage accounts: what is read by each azurerm version, what folds in, and how it is judged."""

from __future__ import annotations

from typing import Any

import pytest

from ringfence.model.symbol import Choice, Input, Ref
from ringfence.model.value import Absent, Known, Many, Need
from ringfence.model.world import Ledger
from tests.support import declare, estate, verdict

ID = Ref(".#azurerm_storage_account.a", ("id",))
NAME = "azurerm_storage_account.a"


def account(version: str = "3.117.1", **content: Any) -> Any:
    return declare(NAME, name="a", resource_group_name="rg", version=version, **content)


def read(*declarations: Any, key: str = NAME) -> Any:
    return estate(*declarations).resources[f".#{key}"]


def shown(attr: Any) -> Any:
    """The value, and whose default it is."""
    if isinstance(attr, Known):
        return attr.value, attr.origin.default
    return attr.default, "Azure" if isinstance(attr, Absent) else "unknown"


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        ("supports_https_traffic_only", [(True, "azurerm {}")] * 4),
        ("minimum_tls_version", [("TLS1_0", "azurerm {}"), *[("TLS1_2", "azurerm {}")] * 3]),
        ("allow_blob_public_access", [(False, "azurerm {}"), *[(True, "azurerm {}")] * 3]),
        ("allow_shared_key_access", [(True, "Azure"), *[(True, "azurerm {}")] * 3]),
        ("public_network_access", [("Enabled", "Azure"), *[("Enabled", "azurerm {}")] * 3]),
        ("require_infrastructure_encryption", [(False, "Azure"), *[(False, "azurerm {}")] * 3]),
        (
            "allow_cross_tenant_replication",
            [(True, "Azure"), (True, "azurerm {}"), (True, "azurerm {}"), (False, "azurerm {}")],
        ),
        ("network_acls_default_action", [("Allow", "Azure")] * 4),
        ("network_acls_bypass", [(("AzureServices",), "Azure")] * 4),
        ("blob_delete_retention_days", [(None, "Azure")] * 4),
    ],
)
def test_defaults_by_version(field: str, expected: list[tuple[Any, str]]) -> None:
    versions = ("2.71.0", "3.47.0", "3.117.1", "4.81.0")
    found = [shown(getattr(read(account(v)), field)) for v in versions]
    assert found == [(value, owner.format(v)) for v, (value, owner) in zip(versions, expected, strict=True)]


def test_a_retention_block_without_days_keeps_seven() -> None:
    found = read(account(blob_properties=[{"delete_retention_policy": [{}]}]))
    assert shown(found.blob_delete_retention_days) == (7, "azurerm 3.117.1")
    assert isinstance(found.container_delete_retention_days, Absent)


@pytest.mark.parametrize(
    ("version", "argument", "field"),
    [
        ("2.71.0", "allow_blob_public_access", "allow_blob_public_access"),
        ("3.47.0", "allow_nested_items_to_be_public", "allow_blob_public_access"),
        ("3.47.0", "enable_https_traffic_only", "supports_https_traffic_only"),
        ("4.81.0", "https_traffic_only_enabled", "supports_https_traffic_only"),
    ],
)
def test_spelling_of_the_version(version: str, argument: str, field: str) -> None:
    assert getattr(read(account(version, **{argument: False})), field).value is False


def test_an_argument_of_another_version_is_not_guessed() -> None:
    found = estate(account("4.81.0", enable_https_traffic_only=False))
    judged = verdict("storage-secure-transfer", found, NAME)
    assert judged.outcome == "unknown"
    assert "azurerm 4.81.0 has no argument enable_https_traffic_only" in judged.why


def test_a_bool_written_as_text_is_still_a_word_of_arm() -> None:
    assert read(account(public_network_access_enabled="false")).public_network_access.value == "Disabled"
    assert read(account(public_network_access_enabled=False)).public_network_access.value == "Disabled"


def test_an_unpinned_version_leaves_only_real_differences_open() -> None:
    open_ = ">= 2.0"
    found = read(account(open_))
    assert found.public_network_access.value == "Enabled"
    assert found.minimum_tls_version.bounds == ("TLS1_0", "TLS1_2")
    assert verdict("storage-minimum-tls", estate(account(open_)), NAME).needs[0].kind == "version"


@pytest.mark.parametrize(
    ("version", "target"),
    [("3.117.1", {"storage_account_id": ID}), ("2.71.0", {"storage_account_name": "a", "resource_group_name": "rg"})],
)
def test_network_rules_of_their_own_fold_in(version: str, target: dict[str, Any]) -> None:
    rules = declare(
        "azurerm_storage_account_network_rules.r",
        version=version,
        default_action="Deny",
        bypass=("None",),
        virtual_network_subnet_ids=(Ref(".#azurerm_subnet.s", ("id",)),),
        **target,
    )
    found = estate(account(version), rules)
    assert verdict("storage-network-default-deny", found, NAME).outcome == "pass"
    assert verdict("storage-trusted-services", found, NAME).outcome == "fail"
    assert len(found.resources[f".#{NAME}"].network_acls_virtual_network_rules) == 1


def test_rules_that_may_not_exist_settle_nothing() -> None:
    rules = declare(
        "azurerm_storage_account_network_rules.r",
        presence=Input(".", "closed"),
        storage_account_id=ID,
        default_action="Deny",
    )
    judged = verdict("storage-network-default-deny", estate(account(), rules), NAME)
    assert judged.outcome == "unknown"
    assert "variable closed has no value in world prod" in judged.why


def test_containers_find_their_account_by_name_and_by_id() -> None:
    by_name = declare("azurerm_storage_container.n", name="n", storage_account_name="a")
    by_id = declare("azurerm_storage_container.i", name="i", storage_account_id=ID)
    found = estate(account(), by_name, by_id)
    for key in ("n", "i"):
        container = found.resources[f".#azurerm_storage_container.{key}"]
        assert found.target(container, container.account) is found.resources[f".#{NAME}"]


def test_public_access_is_in_arm_words() -> None:
    written = {"private": "None", "blob": "Blob", "container": "Container"}
    for terraform, arm in written.items():
        c = declare("azurerm_storage_container.c", name="c", storage_account_name="a", container_access_type=terraform)
        assert read(c, key="azurerm_storage_container.c").public_access.value == arm


def test_bypass_with_an_unknown_element_passes_when_the_known_ones_suffice() -> None:
    sure = account(network_rules=[{"default_action": "Deny", "bypass": ("AzureServices", Input(".", "more"))}])
    assert verdict("storage-trusted-services", estate(sure), NAME).outcome == "pass"
    open_ = account(network_rules=[{"default_action": "Deny", "bypass": ("Logging", Input(".", "more"))}])
    assert verdict("storage-trusted-services", estate(open_), NAME).outcome == "unknown"


def setting(target: Any, *categories: str, name: str = "d", **more: Any) -> Any:
    logs = [{"category": c} for c in categories]
    return declare(
        f"azurerm_monitor_diagnostic_setting.{name}",
        name=name,
        target_resource_id=target,
        log_analytics_workspace_id=Ref(".#azurerm_log_analytics_workspace.w", ("id",)),
        enabled_log=logs,
        **more,
    )


WORKSPACE = declare("azurerm_log_analytics_workspace.w", name="w")
ALL = ("StorageRead", "StorageWrite", "StorageDelete")


def part(service: str) -> Any:
    from ringfence.model.symbol import text

    return text(ID, f"/{service}Services/default")


@pytest.mark.parametrize("service", ["blob", "queue", "table"])
def test_logging_is_of_the_service_not_of_the_account(service: str) -> None:
    check = f"storage-{service}-logging"
    assert verdict(check, estate(account(), WORKSPACE, setting(part(service), *ALL)), NAME).outcome == "pass"
    assert verdict(check, estate(account(), WORKSPACE, setting(ID, *ALL)), NAME).outcome == "fail"
    assert verdict(check, estate(account(), WORKSPACE, setting(part(service), *ALL[:2])), NAME).outcome == "fail"
    halves = (setting(part(service), ALL[0], name="x"), setting(part(service), *ALL[1:], name="y"))
    assert verdict(check, estate(account(), WORKSPACE, *halves), NAME).outcome == "pass"


def test_classic_logging_of_queues_counts_when_it_logs_all_three() -> None:
    def queues(**logging: bool) -> Any:
        return account(queue_properties=[{"logging": [{"version": "1.0", **logging}]}])

    whole = queues(read=True, write=True, delete=True)
    assert verdict("storage-queue-logging", estate(whole), NAME).outcome == "pass"
    assert verdict("storage-queue-logging", estate(queues(read=True, write=True, delete=False)), NAME).outcome == "fail"
    apart = declare(
        "azurerm_storage_account_queue_properties.q",
        storage_account_id=ID,
        logging=[{"version": "1.0", "read": True, "write": True, "delete": True}],
    )
    assert verdict("storage-queue-logging", estate(account("4.81.0"), apart), NAME).outcome == "pass"


def test_an_account_without_the_service_is_not_applicable() -> None:
    files = estate(account(account_kind="FileStorage"))
    for check in ("blob-logging", "queue-logging", "table-logging", "blob-soft-delete", "container-soft-delete"):
        assert verdict(f"storage-{check}", files, NAME).outcome == "not applicable"
    assert verdict("storage-queue-logging", estate(account(account_kind="BlockBlobStorage")), NAME).outcome == (
        "not applicable"
    )


def test_soft_delete_of_an_undecided_block_is_unknown() -> None:
    from tests.support import Open

    maybe = account(blob_properties=[{"delete_retention_policy": Open(Input(".", "kept"))}])
    judged = verdict("storage-blob-soft-delete", estate(maybe), NAME)
    assert (judged.outcome, judged.needs[0].subject) == ("unknown", "kept")


def test_evidence_says_field_expected_actual_and_place() -> None:
    found = estate(account(min_tls_version="TLS1_1"))
    (evidence,) = verdict("storage-minimum-tls", found, NAME).evidence
    assert (evidence.field, evidence.expected, evidence.actual, evidence.outcome) == (
        "minimum_tls_version",
        "one of TLS1_2, TLS1_3",
        "TLS1_1",
        "fail",
    )
    assert evidence.origin.expression == "TLS1_1"


def test_a_choice_of_two_safe_values_passes() -> None:
    either = account(min_tls_version=Choice(Input(".", "new"), "TLS1_3", "TLS1_2"))
    assert verdict("storage-minimum-tls", estate(either), NAME).outcome == "pass"


def test_resource_access_rules_are_read_as_blocks() -> None:
    rules = [{"default_action": "Deny", "private_link_access": [{"endpoint_resource_id": ID}]}]
    found = read(account(network_rules=rules)).network_acls_resource_access_rules
    assert isinstance(found, Many)
    assert [item.resource_id.value for item in found] == [ID]


def test_a_rule_that_may_exist_leaves_other_accounts_alone() -> None:
    rules = declare(
        "azurerm_storage_account_network_rules.r",
        presence=Input(".", "closed"),
        storage_account_id=ID,
        default_action="Deny",
    )
    found = estate(account(), rules, declare("azurerm_storage_account.b", name="b"))
    check = "storage-network-default-deny"
    assert verdict(check, found, NAME).needs == (
        Need(
            "variable",
            "closed",
            "azurerm_storage_account_network_rules.r may configure it: variable closed has no value in world prod",
        ),
    )
    assert verdict(check, found, "azurerm_storage_account.b").outcome == "fail"


def test_an_unread_module_may_configure_what_nothing_here_does() -> None:
    def outcomes(**content: Any) -> list[str]:
        ledger = Ledger(unread=[(".#module.network", "it is not in .terraform/modules")])
        found = estate(account(**content), ledger=ledger)
        checks = ("network-default-deny", "trusted-services", "customer-managed-key", "minimum-tls")
        return [verdict(f"storage-{check}", found, NAME).outcome for check in checks]

    assert outcomes() == ["unknown", "unknown", "unknown", "pass"]
    written = [{"default_action": "Deny", "bypass": ("AzureServices",)}]
    assert outcomes(network_rules=written) == ["pass", "pass", "unknown", "pass"]
