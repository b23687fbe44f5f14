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
