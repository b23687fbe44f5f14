"""Large estates as Azure Resource Graph would export them: JSON lines, the same for the same size and seed.

usage: python -m tools.large ROWS [--seed N] > estate.jsonl

A hundredth of the rows are networks (hubs with spokes, peered both ways), a fifth role assignments, a tenth private
endpoints, each with its zone group; the rest is what a platform has: vaults, stores, databases, identities, machines,
sites, clusters, security groups, routes, zones with links, and diagnostic settings.
"""

from __future__ import annotations

import json
import random
import sys
from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

Json = dict[str, Any]

SEED = 20240217
SPOKES = 20
"""Networks to a hub, itself included."""

_REGIONS = ("uksouth", "ukwest", "westeurope", "northeurope")
_ZONES = {
    "vault": "privatelink.vaultcore.azure.net",
    "blob": "privatelink.blob.core.windows.net",
    "sqlServer": "privatelink.database.windows.net",
    "sites": "privatelink.azurewebsites.net",
    "Sql": "privatelink.documents.azure.com",
}
_DEFINITION = "Microsoft.Authorization/roleDefinitions"
_ROLES = (
    "b24988ac-6180-42a0-ab88-20f7382dd24c",  # Contributor
    "acdd72a7-3385-48ef-bd42-f606fba81ae7",  # Reader
    "4633458b-17de-408a-b874-0445c86b69e6",  # Key Vault Secrets User
    "e147488a-f6f5-4113-8e2d-b22465e65bf6",  # Key Vault Crypto Service Encryption User
    "2a2b9908-6ea1-4ae2-8e65-a410df84e7d1",  # Storage Blob Data Reader
    "ba92f5b4-2d11-453d-a403-e96b0029c9fe",  # Storage Blob Data Contributor
    "f1a07417-d97a-45cb-824c-7a7467783830",  # Managed Identity Operator
)
_SHARES = {
    "network": 10,
    "group": 10,
    "nsg": 25,
    "routes": 5,
    "vault": 40,
    "storage": 80,
    "sql": 15,
    "database": 30,
    "cosmos": 3,
    "registry": 3,
    "cluster": 2,
    "identity": 40,
    "plan": 5,
    "site": 30,
    "interface": 70,
    "machine": 70,
    "address": 5,
    "workspace": 1,
    "endpoint": 100,
    "zone_group": 100,
    "setting": 90,
    "definition": 1,
    "assignment": 200,
}
"""Rows of each kind in a thousand; zones and their links come to them, and disks fill up what is left."""


def rows(count: int, seed: int = SEED) -> Iterator[Json]:
    """`count` rows."""
    return _Estate(count, seed).rows()


class _Estate:
    """One estate while it is made: each object refers to others by number."""

    def __init__(self, count: int, seed: int) -> None:
        self._random = random.Random(seed)
        self._count = count
        self._of = {kind: max(share * count // 1000, 1) for kind, share in _SHARES.items()}
        self._subscriptions = [self._guid() for _ in range(max(count // 10_000, 1))]
        self._tenant = self._guid()
        self._objects = {
            k: [self._guid() for _ in range(self._of[k])] for k in ("identity", "machine", "site", "cluster")
        }
        self._people = [self._guid() for _ in range(max(count // 100, 5))]
        self._definitions = [self._guid() for _ in range(self._of["definition"])]

    def rows(self) -> Iterator[Json]:
        made = 0
        for kind, count in self._of.items():
            make = getattr(self, f"_{kind}")
            for number in range(count):
                yield make(number)
                made += 1
            if kind == "address":
                for row in self._zones():
                    yield row
                    made += 1
        for number in range(self._count - made):
            yield self._disk(number)

    # -- ids

    def _guid(self) -> str:
        bits = f"{self._random.getrandbits(128):032x}"
        return "-".join((bits[:8], bits[8:12], bits[12:16], bits[16:20], bits[20:]))

    def _any(self, kind: str) -> int:
        return self._random.randrange(self._of[kind])

    def _owner(self, number: int) -> tuple[str, str]:
        group = number % self._of["group"]
        return self._subscriptions[group % len(self._subscriptions)], f"rg-platform-{group:05}"

    def _id(self, type_: str, number: int, name: str) -> str:
        subscription, group = self._owner(number)
        return f"/subscriptions/{subscription}/resourceGroups/{group}/providers/{type_}/{name}"

    def _resource(self, type_: str, number: int, name: str, properties: Json, **more: Any) -> Json:
        subscription, group = self._owner(number)
        return {
            "id": self._id(type_, number, name),
            "name": name,
            "type": type_.lower(),
            "tenantId": self._tenant,
            "kind": "",
            "location": _REGIONS[number % len(_REGIONS)],
            "resourceGroup": group,
            "subscriptionId": subscription,
            "managedBy": "",
            "sku": None,
            "plan": None,
            "properties": {"provisioningState": "Succeeded", **properties},
            "tags": {"environment": "production", "owner": f"team-{number % 40}"},
            "identity": None,
            "zones": None,
            **more,
        }

    def _network_id(self, number: int) -> str:
        return self._id("Microsoft.Network/virtualNetworks", number, f"vnet-{number:05}")

    def _subnet_id(self, network: int, subnet: int) -> str:
        return f"{self._network_id(network)}/subnets/snet-{subnet}"

    def _some_subnet(self) -> str:
        return self._subnet_id(self._any("network"), self._random.randrange(5))

    def _nsg_id(self, number: int) -> str:
        return self._id("Microsoft.Network/networkSecurityGroups", number, f"nsg-{number:05}")

    def _identity_id(self, number: int) -> str:
        return self._id("Microsoft.ManagedIdentity/userAssignedIdentities", number, f"id-{number:05}")

    def _named(self, kind: str, number: int) -> str:
        type_, prefix = _TARGETS[kind]
        return self._id(type_, number, f"{prefix}{number:05}")

    # -- what holds others

    def _group(self, number: int) -> Json:
        subscription, group = self._owner(number)
        row = self._resource("Microsoft.Resources/resourceGroups", number, group, {})
        row["id"] = f"/subscriptions/{subscription}/resourceGroups/{group}"
        row["type"] = "microsoft.resources/subscriptions/resourcegroups"
        return row

    def _network(self, number: int) -> Json:
        hub = number - number % SPOKES
        others = range(hub + 1, min(hub + SPOKES, self._of["network"])) if number == hub else (hub,)
        first = f"10.{number // 256 % 256}.{number % 256}"
        properties = {
            "addressSpace": {"addressPrefixes": [f"{first}.0/24"]},
            "subnets": [self._subnet(number, subnet, first) for subnet in range(5)],
            "virtualNetworkPeerings": [self._peering(number, other, hub) for other in others],
            "enableDdosProtection": False,
        }
        return self._resource("Microsoft.Network/virtualNetworks", number, f"vnet-{number:05}", properties)

    def _subnet(self, network: int, subnet: int, first: str) -> Json:
        properties: Json = {
            "addressPrefix": f"{first}.{subnet * 32}/27",
            "privateEndpointNetworkPolicies": "Disabled" if subnet == 4 else "Enabled",
            "privateLinkServiceNetworkPolicies": "Enabled",
            "serviceEndpoints": [{"service": "Microsoft.Storage", "locations": ["*"]}] if subnet == 1 else [],
            "delegations": [],
        }
        if subnet:
            properties["networkSecurityGroup"] = {"id": self._nsg_id((network * 5 + subnet) % self._of["nsg"])}
        if subnet in (2, 3):
            number = network % self._of["routes"]
            properties["routeTable"] = {"id": self._id("Microsoft.Network/routeTables", number, f"rt-{number:05}")}
        whole = self._subnet_id(network, subnet)
        return {"id": whole, "name": f"snet-{subnet}", "properties": properties}

    def _peering(self, number: int, other: int, hub: int) -> Json:
        properties = {
            "remoteVirtualNetwork": {"id": self._network_id(other)},
            "allowVirtualNetworkAccess": True,
            "allowForwardedTraffic": number != hub,
            "allowGatewayTransit": number == hub,
            "useRemoteGateways": False,
            "peeringState": "Connected",
        }
        name = f"to-{other:05}"
        return {
            "id": f"{self._network_id(number)}/virtualNetworkPeerings/{name}",
            "name": name,
            "properties": properties,
        }

    def _nsg(self, number: int) -> Json:
        rules = [self._rule(f"{self._nsg_id(number)}/securityRules", at) for at in range(self._random.randint(3, 10))]
        properties = {"securityRules": rules}
        return self._resource("Microsoft.Network/networkSecurityGroups", number, f"nsg-{number:05}", properties)

    def _rule(self, above: str, at: int) -> Json:
        pick = self._random.choice
        properties = {
            "priority": 100 + at * 10,
            "direction": pick(("Inbound", "Inbound", "Outbound")),
            "access": pick(("Allow", "Allow", "Deny")),
            "protocol": pick(("Tcp", "Udp", "*")),
            "sourceAddressPrefix": pick(("*", "VirtualNetwork", "10.0.0.0/8", "AzureLoadBalancer", "192.0.2.0/24")),
            "sourcePortRange": "*",
            "destinationAddressPrefix": pick(("*", "VirtualNetwork", "Storage", "10.1.0.0/16")),
            "destinationPortRange": pick(("443", "22", "1433", "8000-9000", "*")),
        }
        name = f"rule-{at}"
        return {"id": f"{above}/{name}", "name": name, "properties": properties}

    def _routes(self, number: int) -> Json:
        hop = {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.0.4"}
        routes = [{"name": "out", "properties": hop}] if number % 2 else []
        properties = {"disableBgpRoutePropagation": True, "routes": routes}
        return self._resource("Microsoft.Network/routeTables", number, f"rt-{number:05}", properties)

    def _zones(self) -> Iterator[Json]:
        """The zones of each hub, and links to all networks that are peered with it."""
        for hub in range(0, self._of["network"], SPOKES):
            for zone in _ZONES.values():
                type_ = "Microsoft.Network/privateDnsZones"
                yield self._resource(type_, hub, zone, {}, location="global")
                for network in range(hub, min(hub + SPOKES, self._of["network"]), 2 if hub % 40 else 1):
                    yield self._link(hub, zone, network)

    def _link(self, hub: int, zone: str, network: int) -> Json:
        properties = {"virtualNetwork": {"id": self._network_id(network)}, "registrationEnabled": False}
        row = self._resource(
            "Microsoft.Network/privateDnsZones/virtualNetworkLinks", hub, f"to-{network:05}", properties
        )
        row["id"] = f"{self._id('Microsoft.Network/privateDnsZones', hub, zone)}/virtualNetworkLinks/to-{network:05}"
        return row

    # -- stores

    def _acls(self, number: int) -> Json:
        open_ = number % 11 == 0
        return {
            "bypass": "AzureServices",
            "defaultAction": "Allow" if open_ else "Deny",
            "ipRules": [{"value": "203.0.113.7"}] if number % 5 == 0 else [],
            "virtualNetworkRules": [{"id": self._some_subnet()}] if number % 7 == 0 else [],
        }

    def _vault(self, number: int) -> Json:
        properties = {
            "tenantId": self._tenant,
            "sku": {"family": "A", "name": "premium" if number % 3 else "standard"},
            "enableSoftDelete": True,
            "softDeleteRetentionInDays": 90,
            "enableRbacAuthorization": bool(number % 4),
            "accessPolicies": [] if number % 4 else [self._policy()],
            "publicNetworkAccess": "Disabled" if number % 3 else "Enabled",
            "networkAcls": self._acls(number),
            "vaultUri": f"https://kv-{number:05}.vault.azure.net/",
            **({"enablePurgeProtection": True} if number % 2 else {}),
        }
        return self._resource("Microsoft.KeyVault/vaults", number, f"kv-{number:05}", properties)

    def _policy(self) -> Json:
        granted = {"keys": ["get", "wrapKey", "unwrapKey"], "secrets": ["get"], "certificates": []}
        return {"tenantId": self._tenant, "objectId": self._principal()[0], "permissions": granted}

    def _storage(self, number: int) -> Json:
        own = number % 4 == 0
        key = {"keyvaulturi": f"https://kv-{number % self._of['vault']:05}.vault.azure.net", "keyname": "store"}
        encryption = {
            "keySource": "Microsoft.Keyvault" if own else "Microsoft.Storage",
            "services": {"blob": {"enabled": True, "keyType": "Account"}},
            **({"keyvaultproperties": key} if own else {}),
        }
        properties = {
            "supportsHttpsTrafficOnly": True,
            "minimumTlsVersion": "TLS1_2",
            "allowBlobPublicAccess": number % 13 == 0,
            "allowSharedKeyAccess": number % 3 == 0,
            "isHnsEnabled": number % 2 == 0,
            "publicNetworkAccess": "Disabled" if number % 4 else "Enabled",
            "networkAcls": self._acls(number),
            "encryption": encryption,
            "primaryEndpoints": {"blob": f"https://st{number:05}.blob.core.windows.net/"},
        }
        sku = {"name": "Standard_ZRS", "tier": "Standard"}
        type_ = "Microsoft.Storage/storageAccounts"
        return self._resource(type_, number, f"st{number:05}", properties, kind="StorageV2", sku=sku)

    def _sql(self, number: int) -> Json:
        properties = {
            "version": "12.0",
            "administratorLogin": "operator",
            "administrators": {
                "administratorType": "ActiveDirectory",
                "principalType": "Group",
                "login": "dba",
                "sid": self._people[number % len(self._people)],
                "tenantId": self._tenant,
                "azureADOnlyAuthentication": number % 2 == 0,
            },
            "minimalTlsVersion": "1.2",
            "publicNetworkAccess": "Disabled" if number % 5 else "Enabled",
            "fullyQualifiedDomainName": f"sql-{number:05}.database.windows.net",
        }
        return self._resource("Microsoft.Sql/servers", number, f"sql-{number:05}", properties, kind="v12.0")

    def _database(self, number: int) -> Json:
        server = number % self._of["sql"]
        name = f"db-{number:05}"
        properties = {"status": "Online", "zoneRedundant": False, "requestedBackupStorageRedundancy": "Geo"}
        row = self._resource("Microsoft.Sql/servers/databases", server, name, properties)
        row["id"] = f"{self._named('sql', server)}/databases/{name}"
        return row

    def _cosmos(self, number: int) -> Json:
        properties = {
            "publicNetworkAccess": "Disabled" if number % 2 else "Enabled",
            "ipRules": [{"ipAddressOrRange": "198.51.100.0/24"}] if number % 3 == 0 else [],
            "virtualNetworkRules": [],
            "disableLocalAuth": number % 2 == 1,
            "minimalTlsVersion": "Tls12",
        }
        type_ = "Microsoft.DocumentDB/databaseAccounts"
        return self._resource(type_, number, f"cosmos-{number:05}", properties, kind="GlobalDocumentDB")

    def _registry(self, number: int) -> Json:
        properties = {
            "adminUserEnabled": number % 9 == 0,
            "publicNetworkAccess": "Disabled" if number % 2 else "Enabled",
            "networkRuleSet": {"defaultAction": "Deny", "ipRules": []},
            "loginServer": f"cr{number:05}.azurecr.io",
        }
        sku = {"name": "Premium", "tier": "Premium"}
        return self._resource("Microsoft.ContainerRegistry/registries", number, f"cr{number:05}", properties, sku=sku)

    # -- what runs

    def _own(self, kind: str, number: int) -> Json:
        """An identity of its own, and one that is assigned."""
        assigned: Json = {self._identity_id(number % self._of["identity"]): {}}
        return {
            "type": "SystemAssigned, UserAssigned",
            "principalId": self._objects[kind][number],
            "tenantId": self._tenant,
            "userAssignedIdentities": assigned,
        }

    def _identity(self, number: int) -> Json:
        ids = {"principalId": self._objects["identity"][number], "clientId": self._guid(), "tenantId": self._tenant}
        return self._resource("Microsoft.ManagedIdentity/userAssignedIdentities", number, f"id-{number:05}", ids)

    def _cluster(self, number: int) -> Json:
        pools = [{"name": n, "vnetSubnetID": self._some_subnet(), "count": 3} for n in ("system", "work")]
        properties = {
            "kubernetesVersion": "1.29.2",
            "enableRBAC": True,
            "aadProfile": {"managed": True, "enableAzureRBAC": True},
            "apiServerAccessProfile": {"enablePrivateCluster": number % 2 == 0},
            "agentPoolProfiles": pools,
            "networkProfile": {"networkPlugin": "azure", "outboundType": "userDefinedRouting"},
            "identityProfile": {"kubeletidentity": {"objectId": self._guid(), "resourceId": self._identity_id(0)}},
        }
        identity = {"type": "SystemAssigned", "principalId": self._objects["cluster"][number], "tenantId": self._tenant}
        type_ = "Microsoft.ContainerService/managedClusters"
        return self._resource(type_, number, f"aks-{number:05}", properties, identity=identity)

    def _plan(self, number: int) -> Json:
        sku = {"name": "P1v3", "tier": "PremiumV3"}
        return self._resource("Microsoft.Web/serverfarms", number, f"plan-{number:05}", {}, kind="linux", sku=sku)

    def _site(self, number: int) -> Json:
        plan = number % self._of["plan"]
        properties = {
            "enabled": True,
            "httpsOnly": number % 6 != 0,
            "publicNetworkAccess": "Disabled" if number % 3 == 0 else "Enabled",
            "serverFarmId": self._id("Microsoft.Web/serverfarms", plan, f"plan-{plan:05}"),
            "virtualNetworkSubnetId": self._some_subnet(),
            "siteConfig": {"minTlsVersion": "1.2", "ftpsState": "Disabled", "linuxFxVersion": "PYTHON|3.11"},
            "defaultHostName": f"app-{number:05}.azurewebsites.net",
        }
        kind = "functionapp,linux" if number % 3 == 0 else "app,linux"
        identity = self._own("site", number)
        return self._resource(
            "Microsoft.Web/sites", number, f"app-{number:05}", properties, kind=kind, identity=identity
        )

    def _interface(self, number: int) -> Json:
        address: Json = {"subnet": {"id": self._some_subnet()}, "privateIPAddress": f"10.0.{number % 256}.5"}
        if number < self._of["address"]:
            whole = self._id("Microsoft.Network/publicIPAddresses", number, f"pip-{number:05}")
            address["publicIPAddress"] = {"id": whole}
        properties = {
            "ipConfigurations": [{"name": "internal", "properties": address}],
            "enableIPForwarding": False,
            "virtualMachine": {"id": self._named("machine", number)},
        }
        return self._resource("Microsoft.Network/networkInterfaces", number, f"nic-{number:05}", properties)

    def _machine(self, number: int) -> Json:
        disk = {"osType": "Linux", "managedDisk": {"storageAccountType": "Premium_LRS"}, "createOption": "FromImage"}
        interface = self._id("Microsoft.Network/networkInterfaces", number, f"nic-{number:05}")
        properties = {
            "hardwareProfile": {"vmSize": "Standard_D4s_v5"},
            "storageProfile": {"osDisk": disk, "dataDisks": []},
            "osProfile": {
                "computerName": f"vm-{number:05}",
                "adminUsername": "operator",
                "linuxConfiguration": {"disablePasswordAuthentication": True},
            },
            "networkProfile": {"networkInterfaces": [{"id": interface}]},
        }
        identity = self._own("machine", number)
        return self._resource(
            "Microsoft.Compute/virtualMachines", number, f"vm-{number:05}", properties, identity=identity
        )

    def _address(self, number: int) -> Json:
        properties = {"publicIPAllocationMethod": "Static", "publicIPAddressVersion": "IPv4"}
        sku = {"name": "Standard", "tier": "Regional"}
        return self._resource("Microsoft.Network/publicIPAddresses", number, f"pip-{number:05}", properties, sku=sku)

    def _disk(self, number: int) -> Json:
        properties = {
            "creationData": {"createOption": "Empty"},
            "diskSizeGB": 256,
            "encryption": {"type": "EncryptionAtRestWithPlatformKey"},
            "networkAccessPolicy": "DenyAll",
            "publicNetworkAccess": "Disabled",
        }
        return self._resource("Microsoft.Compute/disks", number, f"disk-{number:05}", properties)

    # -- what joins them

    def _endpoint(self, number: int) -> Json:
        kind = tuple(_TARGETS)[number % len(_TARGETS)]
        if kind == "machine":
            kind = "vault"
        target = number // len(_TARGETS) % self._of[kind]
        connection = {
            "privateLinkServiceId": self._named(kind, target),
            "groupIds": [_GROUPS[kind]],
            "privateLinkServiceConnectionState": {"status": "Pending" if number % 50 == 49 else "Approved"},
        }
        properties = {
            "subnet": {"id": self._subnet_id(number % self._of["network"], 4)},
            "privateLinkServiceConnections": [{"name": "one", "properties": connection}],
            "manualPrivateLinkServiceConnections": [],
            "customDnsConfigs": [],
        }
        return self._resource("Microsoft.Network/privateEndpoints", number, f"pe-{number:05}", properties)

    def _zone_group(self, number: int) -> Json:
        kind = tuple(_TARGETS)[number % len(_TARGETS)]
        hub = number % self._of["network"] // SPOKES * SPOKES
        zone = self._id(
            "Microsoft.Network/privateDnsZones", hub, _ZONES[_GROUPS["vault" if kind == "machine" else kind]]
        )
        properties = {"privateDnsZoneConfigs": [{"name": "zone", "properties": {"privateDnsZoneId": zone}}]}
        row = self._resource("Microsoft.Network/privateEndpoints/privateDnsZoneGroups", number, "default", properties)
        endpoint = self._id("Microsoft.Network/privateEndpoints", number, f"pe-{number:05}")
        row["id"] = f"{endpoint}/privateDnsZoneGroups/default"
        return row

    def _workspace(self, number: int) -> Json:
        properties = {"sku": {"name": "PerGB2018"}, "retentionInDays": 90, "publicNetworkAccessForIngestion": "Enabled"}
        return self._resource("Microsoft.OperationalInsights/workspaces", number, f"log-{number:05}", properties)

    def _setting(self, number: int) -> Json:
        kind = ("vault", "sql", "site", "cosmos", "storage")[number % 5]
        target = self._named(kind, number // 5 % self._of[kind]) + (
            "/blobServices/default" if kind == "storage" else ""
        )
        workspace = number % self._of["workspace"]
        properties = {
            "workspaceId": self._id("Microsoft.OperationalInsights/workspaces", workspace, f"log-{workspace:05}"),
            "logs": [{"categoryGroup": "allLogs", "enabled": True}],
            "metrics": [],
        }
        name = f"to-workspace-{number // 5 // self._of[kind]}"
        row = self._resource("Microsoft.Insights/diagnosticSettings", number, name, properties)
        row["id"] = f"{target}/providers/microsoft.insights/diagnosticSettings/{name}"
        return row

    def _definition(self, number: int) -> Json:
        subscription = self._subscriptions[number % len(self._subscriptions)]
        permission = {
            "actions": ["Microsoft.Compute/virtualMachines/*/action", "Microsoft.Resources/*/read"],
            "notActions": ["Microsoft.Compute/virtualMachines/delete/action"],
            "dataActions": [],
            "notDataActions": [],
        }
        properties = {
            "roleName": f"Operator {number}",
            "type": "CustomRole",
            "assignableScopes": [f"/subscriptions/{subscription}"],
            "permissions": [permission],
        }
        return self._authorization("roleDefinitions", subscription, self._definitions[number], properties, "")

    def _assignment(self, number: int) -> Json:
        subscription = self._subscriptions[number % len(self._subscriptions)]
        principal, kind = self._principal()
        scope = self._assigned(number)
        custom = number % 40 == 0
        role = self._definitions[number % len(self._definitions)] if custom else self._random.choice(_ROLES)
        properties = {
            "scope": scope,
            "roleDefinitionId": f"/subscriptions/{subscription}/providers/{_DEFINITION}/{role}",
            "principalId": principal,
            "principalType": kind,
        }
        return self._authorization("roleAssignments", subscription, self._guid(), properties, scope)

    def _assigned(self, number: int) -> str:
        subscription, group = self._owner(number)
        if number % 100 == 0:
            return f"/subscriptions/{subscription}"
        if number % 3 == 0:
            return f"/subscriptions/{subscription}/resourceGroups/{group}"
        kind = ("vault", "storage", "storage", "sql")[number % 4]
        return self._named(kind, self._any(kind))

    def _principal(self) -> tuple[str, str]:
        kind = self._random.choice(("identity", "machine", "site", "cluster", "user", "group"))
        if kind in self._objects:
            return self._random.choice(self._objects[kind]), "ServicePrincipal"
        return self._random.choice(self._people), kind.capitalize()

    def _authorization(self, word: str, subscription: str, name: str, properties: Json, scope: str) -> Json:
        return {
            "id": f"{scope or f'/subscriptions/{subscription}'}/providers/Microsoft.Authorization/{word}/{name}",
            "name": name,
            "type": f"microsoft.authorization/{word.lower()}",
            "tenantId": self._tenant,
            "subscriptionId": subscription,
            "properties": properties,
        }


_TARGETS = {
    "vault": ("Microsoft.KeyVault/vaults", "kv-"),
    "storage": ("Microsoft.Storage/storageAccounts", "st"),
    "sql": ("Microsoft.Sql/servers", "sql-"),
    "site": ("Microsoft.Web/sites", "app-"),
    "cosmos": ("Microsoft.DocumentDB/databaseAccounts", "cosmos-"),
    "machine": ("Microsoft.Compute/virtualMachines", "vm-"),
}
_GROUPS = {"vault": "vault", "storage": "blob", "sql": "sqlServer", "site": "sites", "cosmos": "Sql"}


def main(arguments: list[str]) -> int:
    """Prints the rows."""
    parser = ArgumentParser(prog="python -m tools.large")
    parser.add_argument("rows", type=int)
    parser.add_argument("--seed", type=int, default=SEED)
    options = parser.parse_args(arguments)
    sys.stdout.writelines(json.dumps(row, separators=(",", ":")) + "\n" for row in rows(options.rows, options.seed))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
