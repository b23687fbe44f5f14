"""What holds of all logs: more settings never unsend, order never matters, an unknown never flips an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import given
from hypothesis import strategies as st

from ringfence.facts.diagnostic_categories import emitted
from ringfence.model.symbol import Input, Ref
from ringfence.questions.logs.logs import answers, logs
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration

KINDS = {
    "azurerm_key_vault": "Microsoft.KeyVault/vaults",
    "azurerm_mysql_flexible_server": "Microsoft.DBforMySQL/flexibleServers",
}
UNSURE = Input(".", "given", "variable")


def _names(kind: str) -> list[str]:
    fact = emitted(KINDS[kind])
    assert fact is not None
    return list(fact.categories or ())


@st.composite
def settings(draw: st.DrawFn, kind: str, number: int) -> Declaration:
    names = draw(st.lists(st.sampled_from([*_names(kind), "allLogs", "audit"]), max_size=3))
    logs_ = [{"category_group": n} if n in ("allLogs", "audit") else {"category": n} for n in names]
    to = draw(st.sampled_from([Ref(".#azurerm_log_analytics_workspace.w", ("id",)), None, UNSURE]))
    target = draw(st.sampled_from([Ref(f".#{kind}.x", ("id",)), Ref(f".#{kind}.other", ("id",))]))
    return declare(
        f"azurerm_monitor_diagnostic_setting.d{number}",
        target_resource_id=target,
        log_analytics_workspace_id=to,
        enabled_log=logs_,
    )


def around(kind: str, *declared: Declaration) -> list[Declaration]:
    return [
        declare(f"{kind}.x", name="x"),
        declare(f"{kind}.other", name="other"),
        declare("azurerm_log_analytics_workspace.w", name="w"),
        *declared,
    ]


def states(declarations: list[Declaration], kind: str) -> dict[str, str]:
    found = estate(*declarations)
    return {c.name: c.state for c in logs(found.resources[f".#{kind}.x"], found).categories}


@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_one_more_setting_never_unsends(data: st.DataObject, kind: str) -> None:
    first = [data.draw(settings(kind, i)) for i in range(data.draw(st.integers(0, 2)))]
    before = states(around(kind, *first), kind)
    after = states(around(kind, *first, data.draw(settings(kind, 9))), kind)
    order = {"not sent": 0, "unknown": 1, "empty": 2, "sent": 2}
    assert before.keys() == after.keys()
    assert all(order[before[name]] <= order[after[name]] for name in before)


@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_order_never_matters(data: st.DataObject, kind: str) -> None:
    declared = around(kind, *(data.draw(settings(kind, i)) for i in range(3)))
    assert states(declared, kind) == states(data.draw(st.permutations(declared)), kind)


@given(st.data(), st.sampled_from(["enabled", "category", "presence", "workspace"]))
def test_an_unknown_never_flips(data: st.DataObject, which: str) -> None:
    """What is sent stays sent or becomes unknown when one input is no longer known; what is not sent likewise."""
    category = data.draw(st.sampled_from(["AuditEvent", "AzurePolicyEvaluationDetails"]))
    enabled = data.draw(st.booleans())
    known = _vault(category, enabled, True, Ref(".#azurerm_log_analytics_workspace.w", ("id",)))
    given_: dict[str, Any] = {
        "category": category,
        "enabled": enabled,
        "presence": True,
        "workspace": Ref(".#azurerm_log_analytics_workspace.w", ("id",)),
    }
    given_[which] = UNSURE
    unknown = _vault(given_["category"], given_["enabled"], given_["presence"], given_["workspace"])
    assert all(unknown[name] in (state, "unknown") for name, state in known.items())


def _vault(category: Any, enabled: Any, presence: Any, workspace: Any) -> dict[str, str]:
    setting = declare(
        "azurerm_monitor_diagnostic_setting.d",
        version="2.71.0",
        presence=presence,
        target_resource_id=Ref(".#azurerm_key_vault.x", ("id",)),
        log_analytics_workspace_id=workspace,
        log=[{"category": category, "enabled": enabled}],
    )
    return states(around("azurerm_key_vault", setting), "azurerm_key_vault")


@given(st.lists(st.sampled_from(["azurerm_key_vault", "azurerm_storage_account", "azurerm_resource_group",
                                 "azurerm_network_security_group", "azurerm_unheard_of"]), max_size=6))  # fmt: skip
def test_every_resource_has_a_state(types: list[str]) -> None:
    found = estate(*(declare(f"{type_}.r{i}", name=f"r{i}") for i, type_ in enumerate(types)))
    told = answers(found)
    assert {log.key for log in told} == {*found.resources, "directory"}
    assert all(log.categories or log.why for log in told)
    whole = {log.key: log.state for log in told}
    for i, type_ in enumerate(types):
        expected = {"azurerm_resource_group": "not applicable", "azurerm_unheard_of": "unknown"}
        assert whole[f".#{type_}.r{i}"] == expected.get(type_, "nowhere")


_PREFIXES = ["", "i", "insights-logs-", "insights-logs-auditevent", "insights-logs-auditevent/", "insights-logs-audit",
             "insights-logs-auditevent/r", "other/"]  # fmt: skip


@st.composite
def rules(draw: st.DrawFn) -> dict[str, Any]:
    types = draw(st.lists(st.sampled_from(["appendBlob", "blockBlob"]), min_size=1, unique=True))
    prefixes = draw(st.lists(st.sampled_from(_PREFIXES), max_size=2))
    days = draw(st.sampled_from([-1, 0, 5, 30]))
    since = draw(st.sampled_from(["modification", "creation"]))
    return {
        "name": "r",
        "enabled": draw(st.booleans()),
        "filters": [{"blob_types": tuple(types), "prefix_match": tuple(prefixes)}],
        "actions": [{"base_blob": [{f"delete_after_days_since_{since}_greater_than": days}]}],
    }


def _stay(policy: list[dict[str, Any]]) -> Any:
    account = Ref(".#azurerm_storage_account.a", ("id",))
    found = estate(
        declare("azurerm_key_vault.x", name="x"),
        declare("azurerm_storage_account.a", name="a"),
        declare("azurerm_storage_management_policy.p", storage_account_id=account, rule=policy),
        declare(
            "azurerm_monitor_diagnostic_setting.d",
            target_resource_id=Ref(".#azurerm_key_vault.x", ("id",)),
            storage_account_id=account,
            enabled_log=[{"category": "AuditEvent"}],
        ),
    )
    audit = next(c for c in logs(found.resources[".#azurerm_key_vault.x"], found).categories if c.name == "AuditEvent")
    return audit.to[0].stay.days


def _brute(policy: list[dict[str, Any]]) -> Any:
    """Deletes two sample blobs of the container by every rule: one that all prefixes meet in part, one that not."""
    ends = []
    for blob in ("insights-logs-auditevent/resourceId=/x", "insights-logs-auditevent/zzz"):
        ages = [float("inf")]
        for rule in policy:
            filters, (action,) = rule["filters"][0], rule["actions"][0]["base_blob"]
            prefixes = filters["prefix_match"]
            meets = not prefixes or any(blob.startswith(p) for p in prefixes)
            (days,) = action.values()
            if rule["enabled"] and "appendBlob" in filters["blob_types"] and meets and days >= 0:
                ages.append(days)
        ends.append(min(ages))
    if ends[0] != ends[1]:
        return "unknown"
    return "for ever" if ends[0] == float("inf") else ends[0]


@given(st.lists(rules(), min_size=1, max_size=3))
def test_lifecycle_rules_against_brute_force(policy: list[dict[str, Any]]) -> None:
    """What is said of a stay is what happens to every blob; where blobs differ it is unknown."""
    assert _stay(policy) == _brute(policy)


@given(st.lists(rules(), min_size=1, max_size=2), rules())
def test_one_more_rule_never_lengthens_the_stay(policy: list[dict[str, Any]], more: dict[str, Any]) -> None:
    before, after = _stay(policy), _stay([*policy, more])
    if "unknown" not in (before, after):
        assert (after if isinstance(after, int) else float("inf")) <= (
            before if isinstance(before, int) else float("inf")
        )
