"""One estate, as Terraform declares it; `in_arm` has the same."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import Ref
from tests.arm.support import GROUP
from tests.support import declare, estate

if TYPE_CHECKING:
    from ringfence.model.estate import Estate

RG = "rg-a"


def _ref(address: str) -> Ref:
    return Ref(f".#{address}", ("id",))


def terraform() -> Estate:
    a, b = {"resource_group_name": RG, "location": "uksouth"}, {"resource_group_name": RG}
    return estate(
        declare("azurerm_resource_group.rg", name=RG, location="uksouth"),
        declare(
            "azurerm_key_vault.kv",
            name="kv",
            **a,
            tenant_id="t",
            sku_name="premium",
            purge_protection_enabled=True,
            rbac_authorization_enabled=False,
            public_network_access_enabled=False,
            soft_delete_retention_days=30,
            access_policy=[{"tenant_id": "t", "object_id": "o-1", "key_permissions": ("Get", "WrapKey")}],
            network_acls=[
                {
                    "default_action": "Deny",
                    "bypass": "None",
                    "ip_rules": ("203.0.113.0/24",),
                    "virtual_network_subnet_ids": (_ref("azurerm_subnet.s"),),
                }
            ],
        ),
        declare(
            "azurerm_key_vault_key.k",
            name="k",
            key_vault_id=_ref("azurerm_key_vault.kv"),
            key_type="RSA",
            key_size=3072,
            key_opts=("wrapKey", "unwrapKey"),
        ),
        declare("azurerm_virtual_network.v", name="v", **a, address_space=("10.0.0.0/16",), dns_servers=("10.0.0.4",)),
        declare(
            "azurerm_subnet.s",
            name="s",
            **b,
            virtual_network_name=Ref(".#azurerm_virtual_network.v", ("name",)),
            address_prefixes=("10.0.1.0/24",),
            service_endpoints=("Microsoft.Storage",),
            private_endpoint_network_policies="Enabled",
            delegation=[{"name": "d", "service_delegation": [{"name": "Microsoft.Web/serverFarms"}]}],
        ),
        declare(
            "azurerm_subnet_network_security_group_association.s",
            subnet_id=_ref("azurerm_subnet.s"),
            network_security_group_id=_ref("azurerm_network_security_group.n"),
        ),
        declare(
            "azurerm_subnet_route_table_association.s",
            subnet_id=_ref("azurerm_subnet.s"),
            route_table_id=_ref("azurerm_route_table.r"),
        ),
        declare("azurerm_virtual_network.w", name="w", **a, address_space=("10.1.0.0/16",)),
        declare(
            "azurerm_virtual_network_peering.p",
            name="p",
            **b,
            virtual_network_name=Ref(".#azurerm_virtual_network.v", ("name",)),
            remote_virtual_network_id=_ref("azurerm_virtual_network.w"),
            allow_forwarded_traffic=True,
        ),
        declare(
            "azurerm_network_security_group.n",
            name="n",
            **a,
            security_rule=[
                {
                    "name": "one",
                    "priority": 100,
                    "direction": "Inbound",
                    "access": "Allow",
                    "protocol": "Tcp",
                    "source_address_prefix": "Internet",
                    "source_port_range": "*",
                    "destination_address_prefix": "*",
                    "destination_port_ranges": ("22", "443"),
                }
            ],
        ),
        declare(
            "azurerm_network_security_rule.two",
            name="two",
            **b,
            network_security_group_name=Ref(".#azurerm_network_security_group.n", ("name",)),
            priority=200,
            direction="Outbound",
            access="Deny",
            protocol="*",
            source_address_prefix="*",
            source_port_range="*",
            destination_address_prefix="Internet",
            destination_port_range="*",
        ),
        declare(
            "azurerm_route_table.r",
            name="r",
            **a,
            bgp_route_propagation_enabled=False,
            route=[
                {
                    "name": "out",
                    "address_prefix": "0.0.0.0/0",
                    "next_hop_type": "VirtualAppliance",
                    "next_hop_in_ip_address": "10.0.0.9",
                }
            ],
        ),
        declare(
            "azurerm_storage_account.st",
            name="st",
            **a,
            account_tier="Standard",
            account_replication_type="GRS",
            account_kind="StorageV2",
            is_hns_enabled=True,
            min_tls_version="TLS1_2",
            allow_nested_items_to_be_public=False,
            shared_access_key_enabled=False,
            public_network_access_enabled=False,
            cross_tenant_replication_enabled=False,
            identity=[{"type": "UserAssigned", "identity_ids": (_ref("azurerm_user_assigned_identity.u"),)}],
            network_rules=[
                {
                    "default_action": "Deny",
                    "bypass": ("AzureServices", "Metrics"),
                    "ip_rules": ("203.0.113.9",),
                    "virtual_network_subnet_ids": (_ref("azurerm_subnet.s"),),
                }
            ],
            customer_managed_key=[
                {
                    "key_vault_key_id": _ref("azurerm_key_vault_key.k"),
                    "user_assigned_identity_id": _ref("azurerm_user_assigned_identity.u"),
                }
            ],
            blob_properties=[{"versioning_enabled": True, "delete_retention_policy": [{"days": 14}]}],
        ),
        declare(
            "azurerm_storage_container.c",
            name="c",
            storage_account_id=_ref("azurerm_storage_account.st"),
            container_access_type="blob",
        ),
        declare("azurerm_user_assigned_identity.u", name="u", **a),
        declare(
            "azurerm_federated_identity_credential.f",
            name="f",
            parent_id=_ref("azurerm_user_assigned_identity.u"),
            issuer="https://token",
            subject="s",
            audience=("a",),
        ),
        declare(
            "azurerm_mssql_server.sql",
            name="sql",
            **a,
            minimum_tls_version="1.2",
            administrator_login="op",
            public_network_access_enabled=True,
            azuread_administrator=[
                {"login_username": "dba", "object_id": "o-2", "tenant_id": "t", "azuread_authentication_only": True}
            ],
        ),
        declare(
            "azurerm_mssql_firewall_rule.fw",
            name="fw",
            server_id=_ref("azurerm_mssql_server.sql"),
            start_ip_address="0.0.0.0",
            end_ip_address="0.0.0.0",
        ),
        declare(
            "azurerm_mssql_virtual_network_rule.vr",
            name="vr",
            server_id=_ref("azurerm_mssql_server.sql"),
            subnet_id=_ref("azurerm_subnet.s"),
        ),
        declare(
            "azurerm_mssql_server_extended_auditing_policy.a",
            server_id=_ref("azurerm_mssql_server.sql"),
            enabled=True,
            log_monitoring_enabled=True,
            retention_in_days=120,
        ),
        declare(
            "azurerm_mssql_server_transparent_data_encryption.t",
            server_id=_ref("azurerm_mssql_server.sql"),
            key_vault_key_id=_ref("azurerm_key_vault_key.k"),
            auto_rotation_enabled=True,
        ),
        declare(
            "azurerm_mssql_database.db",
            name="db",
            server_id=_ref("azurerm_mssql_server.sql"),
            transparent_data_encryption_enabled=True,
            storage_account_type="Geo",
        ),
        declare(
            "azurerm_private_endpoint.pe",
            name="pe",
            **a,
            subnet_id=_ref("azurerm_subnet.s"),
            private_service_connection=[
                {
                    "name": "x",
                    "private_connection_resource_id": _ref("azurerm_key_vault.kv"),
                    "subresource_names": ("vault",),
                    "is_manual_connection": False,
                }
            ],
            private_dns_zone_group=[{"name": "default", "private_dns_zone_ids": (_ref("azurerm_private_dns_zone.z"),)}],
        ),
        declare("azurerm_private_dns_zone.z", name="privatelink.vaultcore.azure.net", **b),
        declare(
            "azurerm_private_dns_zone_virtual_network_link.l",
            name="l",
            **b,
            private_dns_zone_name=Ref(".#azurerm_private_dns_zone.z", ("name",)),
            virtual_network_id=_ref("azurerm_virtual_network.v"),
        ),
        declare(
            "azurerm_private_dns_a_record.rec",
            name="kv",
            **b,
            zone_name=Ref(".#azurerm_private_dns_zone.z", ("name",)),
            records=("10.0.1.5",),
            ttl=300,
        ),
        declare("azurerm_log_analytics_workspace.log", name="log", **a, sku="PerGB2018", retention_in_days=90),
        declare(
            "azurerm_monitor_diagnostic_setting.d",
            name="d",
            target_resource_id=_ref("azurerm_key_vault.kv"),
            log_analytics_workspace_id=_ref("azurerm_log_analytics_workspace.log"),
            enabled_log=[{"category": "AuditEvent"}],
        ),
        declare(
            "azurerm_role_assignment.ra",
            name="9f2d8f33-0000-0000-0000-000000000001",
            scope=_ref("azurerm_key_vault.kv"),
            role_definition_id=f"{GROUP.rpartition('/resourceGroups')[0]}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6",
            principal_id=Ref(".#azurerm_user_assigned_identity.u", ("principal_id",)),
            principal_type="ServicePrincipal",
        ),
        declare(
            "azurerm_cosmosdb_account.cosmos",
            name="cosmos",
            **a,
            kind="GlobalDocumentDB",
            public_network_access_enabled=True,
            ip_range_filter=("198.51.100.0/24",),
            local_authentication_enabled=False,
            minimal_tls_version="Tls12",
            is_virtual_network_filter_enabled=True,
            virtual_network_rule=[{"id": _ref("azurerm_subnet.s")}],
        ),
        declare(
            "azurerm_container_registry.cr",
            name="cr",
            **a,
            sku="Premium",
            admin_enabled=False,
            public_network_access_enabled=False,
            export_policy_enabled=False,
            zone_redundancy_enabled=True,
        ),
        declare("azurerm_service_plan.plan", name="plan", **a, os_type="Linux", sku_name="P1v3"),
        declare(
            "azurerm_linux_web_app.app",
            name="app",
            **a,
            service_plan_id=_ref("azurerm_service_plan.plan"),
            https_only=True,
            public_network_access_enabled=False,
            client_certificate_enabled=True,
            client_certificate_mode="Required",
            virtual_network_subnet_id=_ref("azurerm_subnet.s"),
            identity=[{"type": "SystemAssigned"}],
            app_settings={"A": "1"},
            site_config=[
                {
                    "minimum_tls_version": "1.2",
                    "ftps_state": "Disabled",
                    "http2_enabled": True,
                    "always_on": True,
                    "vnet_route_all_enabled": True,
                    "application_stack": [{"python_version": "3.11"}],
                    "ip_restriction": [
                        {"name": "fd", "priority": 100, "action": "Allow", "service_tag": "AzureFrontDoor.Backend"},
                        {"name": "us", "priority": 200, "action": "Allow", "ip_address": "203.0.113.0/24"},
                    ],
                    "ip_restriction_default_action": "Deny",
                    "scm_minimum_tls_version": "1.2",
                }
            ],
        ),
        declare(
            "azurerm_management_lock.lock", name="lock", scope=_ref("azurerm_key_vault.kv"), lock_level="CanNotDelete"
        ),
    )
