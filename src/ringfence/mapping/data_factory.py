"""Azure Data Factory: Terraform's spellings and defaults.

Source: hashicorp/terraform-provider-azurerm at v2.71.0, v3.47.0, v3.117.1 and v4.81.0, services/datafactory. Children
named their factory until 3.0 and have its id since 2.89.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.mapping.codecs import GIVEN, KEY, STARTED
from ringfence.mapping.identity import IDENTITY
from ringfence.mapping.table import COMMON, AnyRow, Fold, Reference, Table, flag, row
from ringfence.model.data_factory import DataFactory, IntegrationRuntime, LinkedService, Pipeline, Trigger

if TYPE_CHECKING:
    from ringfence.mapping.table import Spelling

PUBLIC = flag("Enabled", "Disabled")

_FACTORY = Reference(
    "factory",
    "",
    {">=2.89": "data_factory_id", "<3.0": "data_factory_name"},
    by={"data_factory_name": "name"},
    to=DataFactory.arm_type,
    scope=("resource_group_name",),
)


def _child(kind: type, terraform: str, *rows: AnyRow, **fixed: Any) -> Table:
    return Table(
        kind,
        (terraform,),
        parent=_FACTORY,
        unique="parent",
        fixed={terraform: fixed},
        rows=(*COMMON, _FACTORY, *rows),
    )


def _service(
    terraform: str,
    service_type: str,
    *,
    target: Reference | None = None,
    identity: Spelling = "use_managed_identity",
    connection: Spelling = "connection_string",
    secret: Spelling = "service_principal_key",
    **fixed: Any,
) -> Table:
    """A linked service; services differ in how they say what they connect to and with which credential."""
    properties = "properties.typeProperties."
    return _child(
        LinkedService,
        f"azurerm_data_factory_linked_service_{terraform}",
        row("service_type", "properties.type", {}),
        target or Reference("target", "", {}),
        row("use_managed_identity", "?", identity, default=False if identity else None, azure=False),
        row("connection_string", properties + "connectionString", connection),
        row("secret", "?", secret),
        service_type=service_type,
        **fixed,
    )


def _at(path: str, tf: Spelling, to: str, by: str = "id") -> Reference:
    return Reference("target", f"properties.typeProperties.{path}", tf, by=by, to=to)


_STORAGE = "Microsoft.Storage/storageAccounts"
_DATABRICKS = _at(
    "workspaceResourceId",
    {"<5.0": "msi_work_space_resource_id", ">=4.0": "msi_workspace_id"},
    "Microsoft.Databricks/workspaces",
)
_VAULT = _at("baseUrl", "key_vault_id", "Microsoft.KeyVault/vaults")

_SERVICES = (
    _service(
        "azure_databricks", "AzureDatabricks", target=_DATABRICKS, identity={}, connection={}, secret="access_token"
    ),
    _service("key_vault", "AzureKeyVault", target=_VAULT, identity={}, connection={}, secret={}),
    _service(
        "data_lake_storage_gen2",
        "AzureBlobFS",
        target=_at("url", "url", _STORAGE, "uri"),
        connection={},
        secret={"": "service_principal_key", ">=2.0": "storage_account_key"},
    ),
    _service(
        "azure_blob_storage", "AzureBlobStorage", target=_at("serviceEndpoint", "service_endpoint", _STORAGE, "uri")
    ),
    _service("azure_file_storage", "AzureFileStorage", identity={}, secret="password"),
    _service("azure_table_storage", "AzureTableStorage", identity={}, secret={}),
    _service("azure_sql_database", "AzureSqlDatabase"),
    _service("cosmosdb", "CosmosDb", identity={}, secret="account_key"),
    _service("mysql", "AzureMySql", identity={}, secret={}),
    _service("postgresql", "AzurePostgreSql", identity={}, secret={}),
    _service("sql_server", "SqlServer", identity={}, secret={}),
    _service("snowflake", "Snowflake", identity={}, secret={}),
    _service("synapse", "AzureSqlDW", identity={}, secret={}),
)

_TRIGGER: tuple[AnyRow, ...] = (
    row("trigger_type", "properties.type", {}),
    row("activated", "properties.runtimeState", "activated", default=True, arm_codec=STARTED),
)
_PIPELINE = row(
    "pipeline",
    "properties.pipelines[0].pipelineReference.referenceName|properties.pipeline.pipelineReference.referenceName",
    {"": "pipeline.name", ">=2.0": "pipeline_name"},
)
_RUNTIME = row("runtime_type", "properties.type", {})

TABLES = (
    Table(
        DataFactory,
        ("azurerm_data_factory",),
        unique="azure",
        rows=(
            *COMMON,
            *IDENTITY,
            row(
                "public_network_access",
                "properties.publicNetworkAccess",
                "public_network_enabled",
                default=True,
                azure="Enabled",
                codec=PUBLIC,
            ),
            row(
                "managed_virtual_network_enabled",
                "managedVirtualNetworks/default:name",
                "managed_virtual_network_enabled",
                azure=False,
                arm_codec=GIVEN,
            ),
            Reference(
                "encryption_key",
                "properties.encryption",
                "customer_managed_key_id",
                to="Microsoft.KeyVault/vaults/keys",
                arm_codec=KEY,
            ),
            Reference(
                "encryption_identity",
                "properties.encryption.identity.userAssignedIdentity",
                "customer_managed_key_identity_id",
                to="Microsoft.ManagedIdentity/userAssignedIdentities",
            ),
        ),
    ),
    *_SERVICES,
    _child(
        IntegrationRuntime,
        "azurerm_data_factory_integration_runtime_azure",
        _RUNTIME,
        row(
            "virtual_network_enabled",
            "properties.managedVirtualNetwork.referenceName",
            "virtual_network_enabled",
            azure=False,
            arm_codec=GIVEN,
        ),
        runtime_type="Managed",
    ),
    _child(
        IntegrationRuntime,
        "azurerm_data_factory_integration_runtime_self_hosted",
        _RUNTIME,
        row(
            "virtual_network_enabled",
            "properties.managedVirtualNetwork.referenceName",
            {},
            azure=False,
            arm_codec=GIVEN,
        ),
        runtime_type="SelfHosted",
    ),
    _child(
        Pipeline,
        "azurerm_data_factory_pipeline",
        row("activities", "properties.activities", "activities_json"),
    ),
    _child(
        Trigger,
        "azurerm_data_factory_trigger_tumbling_window",
        *_TRIGGER,
        _PIPELINE,
        trigger_type="TumblingWindowTrigger",
    ),
    _child(Trigger, "azurerm_data_factory_trigger_schedule", *_TRIGGER, _PIPELINE, trigger_type="ScheduleTrigger"),
)

FOLDS: tuple[Fold, ...] = ()
