"""One estate, as an ARM template; `in_terraform` has the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.arm.support import of, resource, template

if TYPE_CHECKING:
    from pathlib import Path

    from ringfence.model.estate import Estate

NSG, NET, KV, ST = (
    "Microsoft.Network/networkSecurityGroups",
    "Microsoft.Network/virtualNetworks",
    "Microsoft.KeyVault/vaults",
    "Microsoft.Storage/storageAccounts",
)


def _id(type_: str, *names: str) -> str:
    return f"[resourceId('{type_}', {', '.join(repr(n) for n in names)})]"


_IDENTITY = _id("Microsoft.ManagedIdentity/userAssignedIdentities", "u")
_ROLES = "Microsoft.Authorization/roleDefinitions"


def arm(path: Path) -> Estate:
    subnet, key = _id(f"{NET}/subnets", "v", "s"), "https://kv.vault.azure.net/keys/k"
    rule = {
        "sourceAddressPrefix": "*",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRange": "*",
    }
    one = {
        "priority": 100,
        "direction": "Inbound",
        "access": "Allow",
        "protocol": "Tcp",
        "sourceAddressPrefix": "Internet",
        "sourcePortRange": "*",
        "destinationAddressPrefix": "*",
        "destinationPortRanges": ["22", "443"],
    }
    two = rule | {
        "priority": 200,
        "direction": "Outbound",
        "access": "Deny",
        "protocol": "*",
        "destinationAddressPrefix": "Internet",
    }
    here = {"location": "uksouth"}
    return of(
        path,
        template(
            resource(
                KV,
                "kv",
                {
                    "tenantId": "t",
                    "sku": {"family": "A", "name": "premium"},
                    "enablePurgeProtection": True,
                    "enableRbacAuthorization": False,
                    "publicNetworkAccess": "Disabled",
                    "softDeleteRetentionInDays": 30,
                    "accessPolicies": [
                        {"tenantId": "t", "objectId": "o-1", "permissions": {"keys": ["Get", "WrapKey"]}}
                    ],
                    "networkAcls": {
                        "defaultAction": "Deny",
                        "bypass": "None",
                        "ipRules": [{"value": "203.0.113.0/24"}],
                        "virtualNetworkRules": [{"id": subnet}],
                    },
                },
                **here,
                resources=[resource("keys", "k", {"kty": "RSA", "keySize": 3072, "keyOps": ["wrapKey", "unwrapKey"]})],
            ),
            resource(
                NET,
                "v",
                {
                    "addressSpace": {"addressPrefixes": ["10.0.0.0/16"]},
                    "dhcpOptions": {"dnsServers": ["10.0.0.4"]},
                    "subnets": [
                        {
                            "name": "s",
                            "properties": {
                                "addressPrefix": "10.0.1.0/24",
                                "serviceEndpoints": [{"service": "Microsoft.Storage"}],
                                "privateEndpointNetworkPolicies": "Enabled",
                                "privateLinkServiceNetworkPolicies": "Enabled",
                                "delegations": [
                                    {"name": "d", "properties": {"serviceName": "Microsoft.Web/serverFarms"}}
                                ],
                                "networkSecurityGroup": {"id": _id(NSG, "n")},
                                "routeTable": {"id": _id("Microsoft.Network/routeTables", "r")},
                            },
                        }
                    ],
                },
                **here,
            ),
            resource(NET, "w", {"addressSpace": {"addressPrefixes": ["10.1.0.0/16"]}}, **here),
            resource(
                f"{NET}/virtualNetworkPeerings",
                "v/p",
                {
                    "remoteVirtualNetwork": {"id": _id(NET, "w")},
                    "allowVirtualNetworkAccess": True,
                    "allowForwardedTraffic": True,
                },
            ),
            resource(NSG, "n", {"securityRules": [{"name": "one", "properties": one}]}, **here),
            resource(f"{NSG}/securityRules", "n/two", two),
            resource(
                "Microsoft.Network/routeTables",
                "r",
                {
                    "disableBgpRoutePropagation": True,
                    "routes": [
                        {
                            "name": "out",
                            "properties": {
                                "addressPrefix": "0.0.0.0/0",
                                "nextHopType": "VirtualAppliance",
                                "nextHopIpAddress": "10.0.0.9",
                            },
                        }
                    ],
                },
                **here,
            ),
            resource(
                ST,
                "st",
                {
                    "isHnsEnabled": True,
                    "minimumTlsVersion": "TLS1_2",
                    "allowBlobPublicAccess": False,
                    "allowSharedKeyAccess": False,
                    "publicNetworkAccess": "Disabled",
                    "allowCrossTenantReplication": False,
                    "supportsHttpsTrafficOnly": True,
                    "networkAcls": {
                        "defaultAction": "Deny",
                        "bypass": "AzureServices, Metrics",
                        "ipRules": [{"value": "203.0.113.9", "action": "Allow"}],
                        "virtualNetworkRules": [{"id": subnet}],
                    },
                    "encryption": {
                        "keySource": "Microsoft.Keyvault",
                        "keyvaultproperties": {"keyvaulturi": "https://kv.vault.azure.net/", "keyname": "k"},
                        "identity": {
                            "userAssignedIdentity": _id("Microsoft.ManagedIdentity/userAssignedIdentities", "u")
                        },
                    },
                },
                kind="StorageV2",
                sku={"name": "Standard_GRS"},
                **here,
                identity={
                    "type": "UserAssigned",
                    "userAssignedIdentities": {_IDENTITY: {}},
                },
                resources=[
                    resource(
                        "blobServices",
                        "default",
                        {"isVersioningEnabled": True, "deleteRetentionPolicy": {"enabled": True, "days": 14}},
                    )
                ],
            ),
            resource(f"{ST}/blobServices/containers", "st/default/c", {"publicAccess": "Blob"}),
            resource("Microsoft.ManagedIdentity/userAssignedIdentities", "u", **here),
            resource(
                "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials",
                "u/f",
                {"issuer": "https://token", "subject": "s", "audiences": ["a"]},
            ),
            resource(
                "Microsoft.Sql/servers",
                "sql",
                {
                    "minimalTlsVersion": "1.2",
                    "administratorLogin": "op",
                    "publicNetworkAccess": "Enabled",
                    "administrators": {
                        "login": "dba",
                        "sid": "o-2",
                        "tenantId": "t",
                        "azureADOnlyAuthentication": True,
                    },
                },
                **here,
                resources=[
                    resource("firewallRules", "fw", {"startIpAddress": "0.0.0.0", "endIpAddress": "0.0.0.0"}),
                    resource("virtualNetworkRules", "vr", {"virtualNetworkSubnetId": subnet}),
                    resource(
                        "extendedAuditingSettings",
                        "default",
                        {"state": "Enabled", "isAzureMonitorTargetEnabled": True, "retentionDays": 120},
                    ),
                    resource(
                        "encryptionProtector",
                        "current",
                        {"serverKeyType": "AzureKeyVault", "uri": key, "autoRotationEnabled": True},
                    ),
                    resource(
                        "databases",
                        "db",
                        {"requestedBackupStorageRedundancy": "Geo"},
                        resources=[resource("transparentDataEncryption", "current", {"state": "Enabled"})],
                    ),
                ],
            ),
            resource(
                "Microsoft.Network/privateEndpoints",
                "pe",
                {
                    "subnet": {"id": subnet},
                    "privateLinkServiceConnections": [
                        {"name": "x", "properties": {"privateLinkServiceId": _id(KV, "kv"), "groupIds": ["vault"]}}
                    ],
                },
                **here,
                resources=[
                    resource(
                        "privateDnsZoneGroups",
                        "default",
                        {
                            "privateDnsZoneConfigs": [
                                {
                                    "name": "z",
                                    "properties": {
                                        "privateDnsZoneId": _id(
                                            "Microsoft.Network/privateDnsZones", "privatelink.vaultcore.azure.net"
                                        )
                                    },
                                }
                            ]
                        },
                    )
                ],
            ),
            resource("Microsoft.Network/privateDnsZones", "privatelink.vaultcore.azure.net", location="global"),
            resource(
                "Microsoft.Network/privateDnsZones/virtualNetworkLinks",
                "privatelink.vaultcore.azure.net/l",
                {"virtualNetwork": {"id": _id(NET, "v")}, "registrationEnabled": False},
            ),
            resource(
                "Microsoft.Network/privateDnsZones/A",
                "privatelink.vaultcore.azure.net/kv",
                {"ttl": 300, "aRecords": [{"ipv4Address": "10.0.1.5"}]},
            ),
            resource(
                "Microsoft.OperationalInsights/workspaces",
                "log",
                {"sku": {"name": "PerGB2018"}, "retentionInDays": 90},
                **here,
            ),
            resource(
                "Microsoft.Insights/diagnosticSettings",
                "d",
                {
                    "workspaceId": _id("Microsoft.OperationalInsights/workspaces", "log"),
                    "logs": [{"category": "AuditEvent", "enabled": True}],
                },
                scope="Microsoft.KeyVault/vaults/kv",
            ),
            resource(
                "Microsoft.Authorization/roleAssignments",
                "9f2d8f33-0000-0000-0000-000000000001",
                {
                    "roleDefinitionId": f"[subscriptionResourceId('{_ROLES}', '4633458b-17de-408a-b874-0445c86b69e6')]",
                    "principalId": f"[reference({_IDENTITY[1:-1]}).principalId]",
                    "principalType": "ServicePrincipal",
                },
                scope="[resourceId('Microsoft.KeyVault/vaults', 'kv')]",
            ),
            resource(
                "Microsoft.DocumentDB/databaseAccounts",
                "cosmos",
                {
                    "publicNetworkAccess": "Enabled",
                    "ipRules": [{"ipAddressOrRange": "198.51.100.0/24"}],
                    "disableLocalAuth": True,
                    "minimalTlsVersion": "Tls12",
                    "isVirtualNetworkFilterEnabled": True,
                    "virtualNetworkRules": [{"id": subnet}],
                },
                kind="GlobalDocumentDB",
                **here,
            ),
            resource(
                "Microsoft.ContainerRegistry/registries",
                "cr",
                {
                    "adminUserEnabled": False,
                    "publicNetworkAccess": "Disabled",
                    "policies": {"exportPolicy": {"status": "disabled"}},
                    "zoneRedundancy": "Enabled",
                },
                sku={"name": "Premium"},
                **here,
            ),
            resource("Microsoft.Web/serverfarms", "plan", kind="linux", sku={"name": "P1v3"}, **here),
            resource(
                "Microsoft.Web/sites",
                "app",
                {
                    "serverFarmId": _id("Microsoft.Web/serverfarms", "plan"),
                    "httpsOnly": True,
                    "publicNetworkAccess": "Disabled",
                    "clientCertEnabled": True,
                    "clientCertMode": "Required",
                    "virtualNetworkSubnetId": subnet,
                    "siteConfig": {
                        "minTlsVersion": "1.2",
                        "scmMinTlsVersion": "1.2",
                        "ftpsState": "Disabled",
                        "http20Enabled": True,
                        "alwaysOn": True,
                        "vnetRouteAllEnabled": True,
                        "linuxFxVersion": "PYTHON|3.11",
                        "appSettings": [{"name": "A", "value": "1"}],
                        "ipSecurityRestrictions": [
                            {
                                "name": "fd",
                                "priority": 100,
                                "action": "Allow",
                                "ipAddress": "AzureFrontDoor.Backend",
                                "tag": "ServiceTag",
                            },
                            {"name": "us", "priority": 200, "action": "Allow", "ipAddress": "203.0.113.0/24"},
                        ],
                        "ipSecurityRestrictionsDefaultAction": "Deny",
                    },
                },
                kind="app,linux",
                identity={"type": "SystemAssigned"},
                **here,
            ),
            resource(
                "Microsoft.Authorization/locks", "lock", {"level": "CanNotDelete"}, scope="Microsoft.KeyVault/vaults/kv"
            ),
        ),
    )
