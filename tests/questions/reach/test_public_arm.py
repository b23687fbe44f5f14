"""Front doors of resources that come as ARM JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.questions.network import cidr
from ringfence.questions.network.segment import segments
from ringfence.questions.reach.doors import doors
from ringfence.questions.reach.public import ANYBODY, AZURE, TRUSTED, Caller, public
from tests.arm.support import GROUP, of, row

if TYPE_CHECKING:
    from pathlib import Path

OFFICE = Caller("203.0.113.7", cidr.of("203.0.113.7"), azure=False)
SUBNET = f"{GROUP}/providers/Microsoft.Network/virtualNetworks/net/subnets/apps"
NET = row(
    "Microsoft.Network/virtualNetworks",
    "net",
    {
        "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
        "subnets": [
            {
                "name": "apps",
                "id": SUBNET,
                "properties": {
                    "addressPrefix": "10.0.0.0/24",
                    "serviceEndpoints": [
                        {"service": s}
                        for s in ("Microsoft.Storage", "Microsoft.Sql", "Microsoft.Web", "Microsoft.KeyVault")
                    ],
                },
            }
        ],
    },
)


ACLS = {"defaultAction": "Deny", "bypass": "None", "ipRules": [], "virtualNetworkRules": []}
CASES: list[tuple[str, dict[str, Any], dict[str, Any], Any, str]] = [
    ("Microsoft.KeyVault/vaults", {}, {}, ANYBODY, "pass"),
    ("Microsoft.KeyVault/vaults", {"publicNetworkAccess": "disabled"}, {}, ANYBODY, "fail"),
    ("Microsoft.KeyVault/vaults", {"publicNetworkAccess": "SecuredByPerimeter"}, {}, ANYBODY, "unknown"),
    (
        "Microsoft.KeyVault/vaults",
        {"networkAcls": {**ACLS, "ipRules": [{"value": "203.0.113.0/24"}]}},
        {},
        OFFICE,
        "pass",
    ),
    (
        "Microsoft.KeyVault/vaults",
        {"networkAcls": {**ACLS, "ipRules": [{"value": "203.0.113.0/24"}]}},
        {},
        ANYBODY,
        "fail",
    ),
    ("Microsoft.KeyVault/vaults", {"networkAcls": {**ACLS, "bypass": "AzureServices"}}, {}, TRUSTED, "pass"),
    (
        "Microsoft.KeyVault/vaults",
        {"networkAcls": {**ACLS, "virtualNetworkRules": [{"id": SUBNET.lower()}]}},
        {},
        "apps",
        "pass",
    ),
    (
        "Microsoft.Storage/storageAccounts",
        {"networkAcls": {**ACLS, "bypass": "Logging, AzureServices"}},
        {},
        TRUSTED,
        "pass",
    ),
    ("Microsoft.Storage/storageAccounts", {"networkAcls": {**ACLS, "bypass": "Logging"}}, {}, TRUSTED, "fail"),
    (
        "Microsoft.Storage/storageAccounts",
        {"networkAcls": {**ACLS, "virtualNetworkRules": [{"id": SUBNET}]}},
        {},
        "apps",
        "pass",
    ),
    ("Microsoft.Sql/servers", {"publicNetworkAccess": "Disabled"}, {}, ANYBODY, "fail"),
    # firewall rules are children, and no row of the export is one: there may be some that it leaves out
    ("Microsoft.Sql/servers", {"publicNetworkAccess": "Enabled"}, {}, ANYBODY, "unknown"),
    ("Microsoft.DocumentDB/databaseAccounts", {"ipRules": [{"ipAddressOrRange": "0.0.0.0"}]}, {}, AZURE, "pass"),
    ("Microsoft.DocumentDB/databaseAccounts", {"ipRules": [{"ipAddressOrRange": "203.0.113.7"}]}, {}, ANYBODY, "fail"),
    (
        "Microsoft.ContainerRegistry/registries",
        {"networkRuleSet": {"defaultAction": "Deny", "ipRules": [{"action": "Allow", "value": "203.0.113.7"}]}},
        {"sku": {"name": "Premium"}},
        OFFICE,
        "pass",
    ),
    (
        "Microsoft.ContainerService/managedClusters",
        {"apiServerAccessProfile": {"authorizedIPRanges": ["203.0.113.0/24"]}},
        {},
        ANYBODY,
        "fail",
    ),
    (
        "Microsoft.ContainerService/managedClusters",
        {"apiServerAccessProfile": {"enablePrivateCluster": True}},
        {},
        OFFICE,
        "fail",
    ),
    (
        "Microsoft.CognitiveServices/accounts",
        {"customSubDomainName": "ai", "networkAcls": {**ACLS, "virtualNetworkRules": [{"id": SUBNET}]}},
        {"kind": "OpenAI"},
        ANYBODY,
        "fail",
    ),
    (
        "Microsoft.Search/searchServices",
        {"networkRuleSet": {"ipRules": [{"value": "203.0.113.7"}]}},
        {},
        OFFICE,
        "pass",
    ),
    ("Microsoft.Search/searchServices", {"networkRuleSet": {"ipRules": []}}, {}, ANYBODY, "pass"),
    ("Microsoft.Cache/Redis", {"subnetId": SUBNET}, {}, ANYBODY, "fail"),
]


def outcome(path: Path, caller: Any, type_: str, *documents: Any) -> str:
    found = of(path, list(documents))
    resource = next(r for r in found.resources.values() if r.type.casefold() == type_.casefold())
    if isinstance(caller, str):
        segment = next(s for s in segments(found) if s.title == caller)
        caller = Caller(caller, cidr.of("20.50.1.1"), azure=True, segment=segment)
    return public(doors(resource, found)[0], caller, found).outcome


@pytest.mark.parametrize(("type_", "properties", "more", "caller", "expected"), CASES)
def test_front_doors(
    tmp_path: Path, type_: str, properties: dict[str, Any], more: dict[str, Any], caller: Any, expected: str
) -> None:
    assert outcome(tmp_path, caller, type_, row(type_, "r1", properties, **more), NET) == expected


@pytest.mark.parametrize(
    ("rules", "caller", "expected"),
    [
        ([{"ipAddress": "Any", "action": "Allow", "priority": 2147483647, "name": "Allow all"}], ANYBODY, "pass"),
        (
            [
                {"ipAddress": "203.0.113.7/32", "action": "Allow", "tag": "Default", "priority": 100, "name": "office"},
                {"ipAddress": "Any", "action": "Deny", "priority": 2147483647, "name": "Deny all"},
            ],
            OFFICE,
            "pass",
        ),
        (
            [
                {"ipAddress": "AzureCloud", "action": "Allow", "tag": "ServiceTag", "priority": 100, "name": "azure"},
                {"ipAddress": "Any", "action": "Deny", "priority": 2147483647, "name": "Deny all"},
            ],
            AZURE,
            "pass",
        ),
        (
            [
                {"vnetSubnetResourceId": SUBNET, "action": "Allow", "tag": "Default", "priority": 100, "name": "apps"},
                {"ipAddress": "Any", "action": "Deny", "priority": 2147483647, "name": "Deny all"},
            ],
            "apps",
            "pass",
        ),
        (
            [
                {
                    "ipAddress": "AzureFrontDoor.Backend",
                    "action": "Allow",
                    "tag": "ServiceTag",
                    "priority": 100,
                    "name": "front door",
                    "headers": {"x-azure-fdid": ["11111111-2222-3333-4444-555555555555"]},
                },
                {"ipAddress": "Any", "action": "Deny", "priority": 2147483647, "name": "Deny all"},
            ],
            ANYBODY,
            "fail",
        ),
    ],
)
def test_access_restrictions(tmp_path: Path, rules: list[dict[str, Any]], caller: Any, expected: str) -> None:
    app = row("Microsoft.Web/sites", "w1", {"enabled": True}, kind="app,linux")
    config = row("Microsoft.Web/sites/config", "w1/web", {"ipSecurityRestrictions": rules})
    assert outcome(tmp_path, caller, "Microsoft.Web/sites", app, config, NET) == expected


def test_rules_that_are_children(tmp_path: Path) -> None:
    server = row("Microsoft.Sql/servers", "s1", {"publicNetworkAccess": "Enabled"})
    azure = row(
        "Microsoft.Sql/servers/firewallRules", "s1/azure", {"startIpAddress": "0.0.0.0", "endIpAddress": "0.0.0.0"}
    )
    assert outcome(tmp_path, AZURE, "Microsoft.Sql/servers", server, azure) == "pass"
    assert outcome(tmp_path, ANYBODY, "Microsoft.Sql/servers", server, azure) == "fail"
    hub = row("Microsoft.EventHub/namespaces", "h1", {})
    rules = row(
        "Microsoft.EventHub/namespaces/networkRuleSets",
        "h1/default",
        {"defaultAction": "Deny", "ipRules": [{"ipMask": "203.0.113.7", "action": "Allow"}]},
    )
    assert outcome(tmp_path, ANYBODY, "Microsoft.EventHub/namespaces", hub, rules) == "fail"
    assert outcome(tmp_path, OFFICE, "Microsoft.EventHub/namespaces", hub, rules) == "pass"
    cache = row("Microsoft.Cache/Redis", "c1", {})
    rule = row("Microsoft.Cache/Redis/firewallRules", "c1/f", {"startIP": "203.0.113.0", "endIP": "203.0.113.9"})
    assert outcome(tmp_path, OFFICE, "Microsoft.Cache/Redis", cache, rule) == "pass"
    assert outcome(tmp_path, ANYBODY, "Microsoft.Cache/Redis", cache, rule) == "fail"
