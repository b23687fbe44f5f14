"""Azure SQL: policies that are resources of their own, and the boundaries of their checks."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ringfence.model.symbol import Input, Ref, text
from tests.support import declare, estate, verdict

KEY = "azurerm_mssql_server.s"
ID = Ref(f".#{KEY}", ("id",))
ENDPOINT = Ref(".#azurerm_storage_account.a", ("primary_blob_endpoint",))
ACCOUNT = declare("azurerm_storage_account.a", name="a")


def server(version: str = "3.47.0", **content: Any) -> Any:
    return declare(KEY, name="s", resource_group_name="rg", version=version, **content)


def auditing(version: str = "3.47.0", **content: Any) -> Any:
    return declare("azurerm_mssql_server_extended_auditing_policy.p", version=version, server_id=ID, **content)


def outcome(check: str, *declarations: Any) -> str:
    return str(verdict(check, estate(*declarations), KEY).outcome)


@pytest.mark.parametrize(("days", "expected"), [(0, "pass"), (1, "fail"), (89, "fail"), (90, "fail"), (91, "pass")])
def test_retention_of_exactly_ninety_days_fails_and_zero_is_for_ever(days: int, expected: str) -> None:
    policy = auditing(storage_endpoint=ENDPOINT, retention_in_days=days)
    assert outcome("sql-server-auditing-retention", server(), ACCOUNT, policy) == expected


def test_retention_that_is_not_written_is_for_ever_and_no_policy_keeps_nothing() -> None:
    assert outcome("sql-server-auditing-retention", server(), ACCOUNT, auditing(storage_endpoint=ENDPOINT)) == "pass"
    assert outcome("sql-server-auditing-retention", server()) == "fail"


def test_the_benchmark_may_set_the_days() -> None:
    from ringfence.checks.check import checks

    found = estate(server(), ACCOUNT, auditing(storage_endpoint=ENDPOINT, retention_in_days=90))
    check = checks()["sql-server-auditing-retention"]
    resource = found.resources[f".#{KEY}"]
    assert check.verdict(resource, found, {"more_than_days": 89}).outcome == "pass"


@pytest.mark.parametrize(
    ("version", "policy", "expected"),
    [
        ("2.71.0", {}, "pass"),
        ("3.47.0", {}, "pass"),
        ("3.47.0", {"enabled": False}, "fail"),
        ("3.47.0", {"enabled": Input(".", "audited")}, "unknown"),
    ],
)
def test_an_auditing_policy_is_on_unless_it_says_no(version: str, policy: dict[str, Any], expected: str) -> None:
    assert outcome("sql-server-auditing", server(version), auditing(version, **policy)) == expected


def test_the_inline_policy_of_2_x_counts() -> None:
    for address in (KEY, "azurerm_sql_server.s"):
        inline = declare(
            address,
            name="s",
            version="2.71.0",
            extended_auditing_policy=[{"storage_endpoint": ENDPOINT, "retention_in_days": 120}],
        )
        found = estate(inline, ACCOUNT)
        for check in ("sql-server-auditing", "sql-server-auditing-destination", "sql-server-auditing-retention"):
            assert verdict(check, found, address).outcome == "pass"


def test_auditing_goes_somewhere() -> None:
    check = "sql-server-auditing-destination"
    assert (
        outcome(check, server(), ACCOUNT, auditing(storage_endpoint=ENDPOINT, log_monitoring_enabled=False)) == "pass"
    )
    assert outcome(check, server(), auditing(log_monitoring_enabled=True)) == "fail"
    setting = declare(
        "azurerm_monitor_diagnostic_setting.d",
        name="d",
        target_resource_id=text(ID, "/databases/master"),
        log_analytics_workspace_id=Ref(".#azurerm_log_analytics_workspace.w", ("id",)),
        enabled_log=[{"category": "SQLSecurityAuditEvents"}],
    )
    workspace = declare("azurerm_log_analytics_workspace.w", name="w")
    assert outcome(check, server(), workspace, setting, auditing(log_monitoring_enabled=True)) == "pass"
    assert outcome(check, server(), workspace, setting, auditing(log_monitoring_enabled=False)) == "fail"


def rule(start: Any, end: Any, name: str = "r", **content: Any) -> Any:
    address = f"azurerm_mssql_firewall_rule.{name}"
    return declare(address, name=name, server_id=ID, start_ip_address=start, end_ip_address=end, **content)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], "pass"),
        ([("203.0.113.8", "203.0.113.8")], "pass"),
        ([("128.40.0.0", "128.40.255.255")], "pass"),
        ([("0.0.0.0", "0.0.0.0")], "fail"),
        ([("0.0.0.0", "255.255.255.255")], "fail"),
        ([("0.0.0.1", "255.255.255.254")], "fail"),
        ([("200.0.0.0", "255.255.255.255")], "fail"),
        ([("1.0.0.0", "1.255.255.255")], "pass"),
        ([("1.0.0.0", "1.255.255.255"), ("2.0.0.0", "2.0.0.0")], "fail"),
        ([("1.0.0.0", "1.255.255.255"), ("1.4.0.0", "1.5.0.0")], "pass"),
        ([("203.0.113.8", "203.0.113.8"), (Input(".", "ip"), Input(".", "ip"))], "unknown"),
        ([("0.0.0.0", Input(".", "ip"))], "fail"),
        ([("office", "office")], "unknown"),
    ],
)
def test_open_firewall_rules(rules: list[tuple[Any, Any]], expected: str) -> None:
    declared = [rule(start, end, f"r{i}") for i, (start, end) in enumerate(rules)]
    assert outcome("sql-server-no-open-firewall-rule", server(), *declared) == expected


@given(st.lists(st.tuples(st.integers(1, 2**32 - 2), st.integers(0, 2**26)), min_size=1, max_size=4))
def test_addresses_are_counted_once(ranges: list[tuple[int, int]]) -> None:
    """Against a count by merged intervals."""

    def dotted(number: int) -> str:
        return ".".join(map(str, number.to_bytes(4, "big")))

    ends = [(start, min(start + width, 2**32 - 2)) for start, width in ranges]
    points = sorted({p for a, b in ends for p in (a, b + 1)})
    cells = pairwise(points)
    total = sum(right - left for left, right in cells if any(a <= left <= b for a, b in ends))
    declared = [rule(dotted(a), dotted(b), f"r{i}") for i, (a, b) in enumerate(ends)]
    expected = "pass" if total <= 2**24 else "fail"
    assert outcome("sql-server-no-open-firewall-rule", server(), *declared) == expected


def test_a_rule_that_may_exist_keeps_the_list_open() -> None:
    maybe = rule("0.0.0.0", "255.255.255.255", presence=Input(".", "open"))
    assert outcome("sql-server-no-open-firewall-rule", server(), maybe) == "unknown"


def alert(state: Any = "Enabled") -> Any:
    return declare(
        "azurerm_mssql_server_security_alert_policy.p", server_name="s", resource_group_name="rg", state=state
    )


def scans(**content: Any) -> Any:
    return declare(
        "azurerm_mssql_server_vulnerability_assessment.v",
        server_security_alert_policy_id=Ref(".#azurerm_mssql_server_security_alert_policy.p", ("id",)),
        storage_container_path=text(ENDPOINT, "scans/"),
        **content,
    )


def assessed(*declarations: Any) -> list[str]:
    names = ["assessment", "scans", "reports", "reports-to-owners"]
    return [outcome(f"sql-server-vulnerability-{n}", server(), ACCOUNT, *declarations) for n in names]


def test_vulnerability_assessment_is_found_through_the_alert_policy() -> None:
    recurring = [{"enabled": True, "emails": ("a@example.org",), "email_subscription_admins": True}]
    assert assessed(alert(), scans(recurring_scans=recurring)) == ["pass"] * 4
    assert assessed(alert(), scans()) == ["pass", "fail", "fail", "fail"]
    assert assessed(alert(), scans(recurring_scans=[{"enabled": True, "emails": ()}])) == [
        "pass",
        "pass",
        "fail",
        "fail",
    ]
    assert assessed(alert()) == ["fail"] * 4
    unknown = [{"enabled": Input(".", "x"), "emails": Input(".", "y"), "email_subscription_admins": Input(".", "z")}]
    assert assessed(alert(), scans(recurring_scans=unknown)) == ["pass", "unknown", "unknown", "unknown"]


def test_defender_is_the_servers_own_policy() -> None:
    assert outcome("sql-server-defender", server(), alert()) == "pass"
    assert outcome("sql-server-defender", server(), alert("Disabled")) == "fail"
    assert outcome("sql-server-defender", server()) == "fail"


def test_tls_and_public_access_by_version() -> None:
    assert outcome("sql-server-minimum-tls", server("2.71.0")) == "fail"
    assert outcome("sql-server-minimum-tls", server("3.47.0")) == "pass"
    assert outcome("sql-server-public-network-access", server()) == "fail"


def test_encryption_is_on_by_default_and_off_when_it_says_so() -> None:
    def database(version: str, **content: Any) -> str:
        declared = declare("azurerm_mssql_database.d", name="d", server_id=ID, version=version, **content)
        found = estate(server(version), declared)
        return str(verdict("sql-database-encryption", found, "azurerm_mssql_database.d").outcome)

    assert database("2.71.0") == "pass"
    assert database("3.47.0") == "pass"
    assert database("3.47.0", transparent_data_encryption_enabled=False) == "fail"


def test_an_administrator_may_be_a_principal_not_known_yet() -> None:
    principal = Ref(".#azuread_service_principal.p", ("object_id",))
    block = [{"login_username": "owners", "object_id": principal}]
    assert outcome("sql-server-directory-administrator", server(azuread_administrator=block)) == "pass"
    assert outcome("sql-server-directory-administrator", server()) == "fail"
