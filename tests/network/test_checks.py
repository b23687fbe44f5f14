"""The checks of networks on small estates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.symbol import Choice, Input, Ref
from tests.network.test_nsg import deny, rule, separate
from tests.support import declare, estate, verdict

if TYPE_CHECKING:
    from ringfence.mapping.declaration import Declaration

UNSURE = Input(".", "x", "variable")
GROUP = "azurerm_network_security_group.g"


def ref(address: str, *path: str) -> Ref:
    return Ref(f".#{address}", path or ("id",))


def group(**content: Any) -> Declaration:
    return declare(GROUP, name="g", location="uksouth", **content)


def network(**content: Any) -> Declaration:
    return declare("azurerm_virtual_network.n", name="n", location="UK South", **content)


def subnet(**content: Any) -> Declaration:
    return declare("azurerm_subnet.s", name="s", virtual_network_name="n", **content)


def attached(to: Any = None, **content: Any) -> Declaration:
    target = ref("azurerm_subnet.s") if to is None else to
    return declare(
        "azurerm_subnet_network_security_group_association.a",
        subnet_id=target,
        network_security_group_id=ref(GROUP),
        **content,
    )


def flow_log(**content: Any) -> Declaration:
    arguments: dict[str, Any] = {
        "network_security_group_id": ref(GROUP),
        "network_watcher_name": "w",
        "resource_group_name": "rg",
        "enabled": True,
        "retention_policy": [{"enabled": True, "days": 91}],
        "traffic_analytics": [{"enabled": True, "workspace_resource_id": "/w"}],
        **content,
    }
    return declare("azurerm_network_watcher_flow_log.f", **arguments)


@pytest.mark.parametrize(
    ("port", "check", "protocol"),
    [("3389", "rdp", "Tcp"), ("22", "ssh", "Tcp"), ("53", "udp", "Udp"), ("80", "http", "Tcp"), ("443", "http", "Tcp")],
)
def test_a_group_and_a_rule_alone(port: str, check: str, protocol: str) -> None:
    opened = rule(destination_port_range=port, protocol=protocol)
    assert verdict(f"network-security-group-{check}", estate(group(security_rule=[opened])), GROUP).outcome == "fail"
    found = estate(group(security_rule=[opened, deny()]))
    assert verdict(f"network-security-group-{check}", found, GROUP).outcome == "pass"
    lone = estate(separate("r", destination_port_range=port, protocol=protocol))
    judged = verdict(f"network-security-rule-{check}", lone, "azurerm_network_security_rule.r")
    assert judged.outcome == "fail"
    assert judged.why.endswith("its security group is not declared here, so it is judged by itself")
    lone = estate(separate("r", destination_port_range=port, protocol=protocol, access="Deny"))
    assert verdict(f"network-security-rule-{check}", lone, "azurerm_network_security_rule.r").outcome == "pass"


def test_a_group_attached_to_nothing_is_judged_all_the_same() -> None:
    judged = verdict("network-security-group-ssh", estate(group(security_rule=[rule()])), GROUP)
    assert (judged.outcome, judged.why) == (
        "fail",
        "rule r admits TCP 22 from the internet; the group is attached to no subnet or interface",
    )


FLOWS: list[tuple[list[Declaration], str, str]] = [
    ([group(), flow_log()], "fail", "it is attached to no subnet or interface"),
    ([group(), subnet(), attached(), flow_log()], "pass", ""),
    ([group(), subnet(), attached()], "fail", "g has no flow log"),
    ([group(), subnet(), attached(), flow_log(enabled=False)], "fail", ""),
    ([group(), subnet(), attached(), flow_log(traffic_analytics=[])], "fail", ""),
    ([group(), subnet(), attached(), flow_log(traffic_analytics=[{"enabled": False}])], "fail", ""),
    ([group(), subnet(), attached(), flow_log(traffic_analytics=[{"enabled": UNSURE, "workspace_resource_id": "/w"}])],
     "unknown", ""),
    ([group(), subnet(), attached(), flow_log(presence=UNSURE)], "unknown", ""),
    ([group(), subnet(), attached(presence=UNSURE), flow_log()], "unknown", ""),
    ([group(), attached(to=UNSURE), flow_log()], "pass", ""),
    ([group(), subnet(), attached(), flow_log(network_security_group_id=UNSURE)], "unknown", ""),
    ([group(), network(subnet=[{"name": "s", "security_group": ref(GROUP)}]), flow_log()], "pass", ""),
    ([group(), network(), subnet(), attached(),
      flow_log(network_security_group_id=None, target_resource_id=ref("azurerm_virtual_network.n"))], "pass", ""),
    ([group(), network(), subnet(), attached(),
      flow_log(network_security_group_id=None, target_resource_id=ref("azurerm_subnet.s"))], "pass", ""),
    ([group(), network(), subnet(), attached(to=UNSURE),
      flow_log(network_security_group_id=None, target_resource_id=ref("azurerm_virtual_network.n"))], "unknown", ""),
    ([group(), network(), subnet(), attached(presence=UNSURE),
      flow_log(network_security_group_id=None, target_resource_id=ref("azurerm_virtual_network.n"))], "unknown", ""),
    ([group(), attached(to=UNSURE)], "fail", "g has no flow log"),
]  # fmt: skip


@pytest.mark.parametrize(("declarations", "outcome", "why"), FLOWS)
def test_flow_logs_of_a_group(declarations: list[Declaration], outcome: str, why: str) -> None:
    judged = verdict("network-security-group-flow-log", estate(*declarations), GROUP)
    assert judged.outcome == outcome
    assert not why or judged.why == why


def test_the_network_needs_every_subnet_recorded() -> None:
    def outcome(*more: Declaration) -> str:
        return str(verdict("virtual-network-flow-log", estate(network(), *more), "azurerm_virtual_network.n").outcome)

    other = declare("azurerm_subnet.t", name="t", virtual_network_name="n")
    assert outcome(group(), subnet(), attached(), flow_log()) == "pass"
    assert outcome(group(), subnet(), other, attached(), flow_log()) == "fail"
    assert outcome(group(), subnet(), flow_log()) == "fail"
    assert outcome(group(), subnet(), attached(presence=UNSURE), flow_log()) == "unknown"
    whole = flow_log(network_security_group_id=None, target_resource_id=ref("azurerm_virtual_network.n"))
    assert outcome(subnet(), other, whole) == "pass"
    elsewhere = declare(
        "azurerm_subnet_network_security_group_association.a",
        subnet_id=ref("azurerm_subnet.s"),
        network_security_group_id="/subscriptions/x/resourceGroups/r/providers/Microsoft.Network/networkSecurityGroups/z",
    )
    assert outcome(subnet(), elsewhere) == "unknown"


@pytest.mark.parametrize(
    ("policy", "outcome"),
    [
        ({"enabled": True, "days": 91}, "pass"),
        ({"enabled": True, "days": 90}, "fail"),
        ({"enabled": True, "days": 0}, "pass"),
        ({"enabled": True, "days": "120"}, "pass"),
        ({"enabled": False, "days": 365}, "fail"),
        ({"enabled": True, "days": UNSURE}, "unknown"),
        ({"enabled": True, "days": Choice(UNSURE, 91, 365)}, "pass"),
    ],
)
def test_retention_of_flow_logs(policy: dict[str, Any], outcome: str) -> None:
    found = estate(flow_log(retention_policy=[policy]))
    assert verdict("flow-log-retention", found, "azurerm_network_watcher_flow_log.f").outcome == outcome


def test_network_watcher() -> None:
    def outcome(*more: Declaration) -> str:
        return str(verdict("virtual-network-watcher", estate(network(), *more), "azurerm_virtual_network.n").outcome)

    watcher = declare("azurerm_network_watcher.w", name="w", location="uksouth")
    assert outcome() == "unknown"
    assert outcome(watcher) == "pass"
    assert outcome(declare("azurerm_network_watcher.w", name="w", location="ukwest")) == "unknown"
    assert outcome(group(), flow_log()) == "pass"
    assert outcome(group(), flow_log(presence=UNSURE)) == "unknown"
    somewhere = declare("azurerm_network_watcher.w", name="w", location=UNSURE)
    judged = verdict("virtual-network-watcher", estate(network(), somewhere), "azurerm_virtual_network.n")
    assert [n.subject for n in judged.needs] == ["x", "Network Watcher"]


def test_subnets_have_a_group() -> None:
    def outcome(*more: Declaration) -> str:
        return str(verdict("subnet-security-group", estate(*more), "azurerm_subnet.s").outcome)

    assert outcome(subnet()) == "fail"
    assert outcome(subnet(), group(), attached()) == "pass"
    assert outcome(subnet(), group(), attached(presence=UNSURE)) == "unknown"
    assert outcome(subnet(), group(), attached(to=UNSURE)) == "unknown"
    gateway = declare("azurerm_subnet.s", name="GatewaySubnet", virtual_network_name="n")
    assert outcome(gateway) == "not applicable"


def test_an_interface_on_the_internet() -> None:
    def outcome(*more: Declaration, **content: Any) -> str:
        configuration = {
            "subnet_id": ref("azurerm_subnet.s"),
            "public_ip_address_id": ref("azurerm_public_ip.p"),
            **content,
        }
        interface = declare("azurerm_network_interface.i", name="i", ip_configuration=[configuration])
        found = estate(interface, *more)
        return str(verdict("network-interface-public-address", found, "azurerm_network_interface.i").outcome)

    assert outcome(subnet()) == "fail"
    assert outcome(subnet(), public_ip_address_id=None) == "pass"
    assert outcome(subnet(), group(), attached()) == "pass"
    own = declare(
        "azurerm_network_interface_security_group_association.a",
        network_interface_id=ref("azurerm_network_interface.i"),
        network_security_group_id=ref(GROUP),
    )
    assert outcome(subnet(), group(), own) == "pass"
    assert (
        outcome(subnet_id="/subscriptions/x/resourceGroups/r/providers/Microsoft.Network/virtualNetworks/v/subnets/s")
        == "unknown"
    )


@pytest.mark.parametrize(("guarded", "outcome"), [(True, "pass"), (False, "fail")])
def test_an_interface_on_the_internet_in_an_inline_subnet(guarded: bool, outcome: str) -> None:
    inline = {"name": "s", "address_prefix": "10.0.0.0/24", "security_group": ref(GROUP) if guarded else None}
    network = declare("azurerm_virtual_network.v", name="v", subnet=[inline])
    configuration = {
        "subnet_id": ref("azurerm_virtual_network.v", "subnet"),
        "public_ip_address_id": ref("azurerm_public_ip.p"),
    }
    interface = declare("azurerm_network_interface.i", name="i", ip_configuration=[configuration])
    found = estate(network, group(), interface)
    assert verdict("network-interface-public-address", found, "azurerm_network_interface.i").outcome == outcome


def test_peerings_go_both_ways() -> None:
    def peering(name: str, local: str, remote: Any, **content: Any) -> Declaration:
        return declare(
            f"azurerm_virtual_network_peering.{name}", name=name, virtual_network_name=local,
            remote_virtual_network_id=remote, **content,
        )  # fmt: skip

    networks = [declare(f"azurerm_virtual_network.{n}", name=n) for n in ("a", "b")]
    there = peering("there", "a", ref("azurerm_virtual_network.b"))
    back = peering("back", "b", ref("azurerm_virtual_network.a"))

    def outcome(*more: Declaration) -> str:
        found = estate(*networks, *more)
        return str(verdict("virtual-network-peering-reverse", found, "azurerm_virtual_network_peering.there").outcome)

    assert outcome(there) == "fail"
    assert outcome(there, back) == "pass"
    assert outcome(there, peering("back", "b", ref("azurerm_virtual_network.a"), presence=UNSURE)) == "unknown"
    data = declare("data.azurerm_virtual_network.hub", name="hub", resource_group_name="hub")
    to_hub = peering("there", "a", ref("data.azurerm_virtual_network.hub"))
    assert outcome(to_hub, data) == "unknown"
    assert outcome(to_hub, data, peering("back", "hub", ref("azurerm_virtual_network.a"))) == "pass"


@pytest.mark.parametrize(
    ("site", "outer", "version", "outcome"),
    [
        ({}, {}, "4.81.0", "fail"),
        ({}, {"public_network_access_enabled": False}, "4.81.0", "pass"),
        ({"ip_restriction": [{"ip_address": "1.2.3.4/32"}]}, {}, "4.81.0", "fail"),
        ({"ip_restriction": [{"ip_address": "1.2.3.4"}], "ip_restriction_default_action": "Deny"}, {}, "4.81.0",
         "pass"),
        ({"ip_restriction": [{"ip_address": "::/0"}], "ip_restriction_default_action": "Deny"}, {}, "4.81.0", "fail"),
        ({"ip_restriction": [{"service_tag": "AzureFrontDoor.Backend"}], "ip_restriction_default_action": "Deny"}, {},
         "4.81.0", "pass"),
        ({"ip_restriction": [{"ip_address": "1.2.3.4/32"}]}, {}, "3.47.0", "pass"),
        ({"ip_restriction": [{"ip_address": UNSURE}], "ip_restriction_default_action": "Deny"}, {}, "4.81.0",
         "unknown"),
    ],
)  # fmt: skip
def test_web_apps(site: dict[str, Any], outer: dict[str, Any], version: str, outcome: str) -> None:
    app = declare("azurerm_linux_web_app.w", name="w", site_config=[site], version=version, **outer)
    assert verdict("webapp-internet-access", estate(app), "azurerm_linux_web_app.w").outcome == outcome


@pytest.mark.parametrize("guarded", [("a",), ("a", "b"), ()])
def test_an_interface_in_one_of_two_subnets_is_not_known_to_be_filtered(guarded: tuple[str, ...]) -> None:
    """Which of the two it is depends on a switch without a value; that one of them has a group proves nothing."""
    either = Choice(UNSURE, ref("azurerm_subnet.a"), ref("azurerm_subnet.b"))
    found = estate(
        group(),
        network(),
        *(declare(f"azurerm_subnet.{name}", name=name, virtual_network_name="n") for name in "ab"),
        *(
            declare(
                f"azurerm_subnet_network_security_group_association.{name}",
                subnet_id=ref(f"azurerm_subnet.{name}"),
                network_security_group_id=ref(GROUP),
            )
            for name in guarded
        ),
        declare("azurerm_public_ip.p", name="p"),
        declare(
            "azurerm_network_interface.i",
            name="i",
            ip_configuration=[{"subnet_id": either, "public_ip_address_id": ref("azurerm_public_ip.p")}],
        ),
    )
    outcome = verdict("network-interface-public-address", found, "azurerm_network_interface.i").outcome
    assert outcome == "unknown"
