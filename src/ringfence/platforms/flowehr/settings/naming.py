"""Names of FlowEHR: one pattern each, made of the deployment's suffix; none is cut, all are checked at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.naming import fault
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.platforms.configuration import Table

PATTERNS: dict[str, tuple[str, str]] = {
    "group": ("azurerm_resource_group", "rg-{suffix}"),
    "network": ("azurerm_virtual_network", "vnet-{suffix}"),
    "storage": ("azurerm_storage_account", "strg{squeezed}"),
    "state": ("azurerm_storage_account", "sttf{squeezed}"),
    "vault": ("azurerm_key_vault", "kv-{suffix}"),
    "workspace": ("azurerm_log_analytics_workspace", "log-{suffix}"),
    "sql": ("azurerm_mssql_server", "sql-server-features-{suffix}"),
    "databricks": ("azurerm_databricks_workspace", "dbks-{suffix}"),
    "databricks_storage": ("azurerm_storage_account", "dbfs{squeezed}"),
    "data_factory": ("azurerm_data_factory", "adf-{suffix}"),
    "datalake": ("azurerm_storage_account", "adls{squeezed}"),
    "transform_insights": ("azurerm_application_insights", "transform-ai-{suffix}"),
    "serve_vault": ("azurerm_key_vault", "kv-{suffix}-serve"),
    "plan": ("azurerm_service_plan", "asp-serve-{suffix}"),
    "cosmos": ("azurerm_cosmosdb_account", "cosmos-serve-{suffix}"),
    "insights": ("azurerm_application_insights", "ai-{suffix}"),
    "registry": ("azurerm_container_registry", "acrserve{squeezed}"),
    "models": ("azapi_resource", "mlr-{suffix}"),
}
"""By what a thing is for: its Terraform type, and its name. Source: the adherence document's own names."""


@record()
class Names:
    """The names of one deployment."""

    suffix: str
    """Such as ``uclh-prod``."""

    @property
    def squeezed(self) -> str:
        """The suffix for types that allow no hyphen."""
        return self.suffix.replace("-", "")

    def __getitem__(self, what: str) -> str:
        """The name of a thing, such as ``names["vault"]``."""
        return self.called(PATTERNS[what][1])

    def called(self, pattern: str) -> str:
        """Any other name: ``names.called("nsg-{suffix}")``."""
        return pattern.format(suffix=self.suffix, squeezed=self.squeezed)


def read(table: Table) -> Names:
    """The names that the configuration's keys make.

    Raises:
        InputError: a name is too long, or has a character that its type does not allow; it names the keys to change.
    """
    keys = ("suffix_override",) if table.text("suffix_override", "") else ("flowehr_id", "environment")
    names = Names("-".join(table.text(key) for key in keys))
    for type_, pattern in PATTERNS.values():
        name = names.called(pattern)
        wrong = fault(type_, name)
        if wrong:
            hint = f"Change {' or '.join(keys)}" + (
                "." if keys == ("suffix_override",) else ", or set suffix_override."
            )
            raise table.wrong(keys[0], f"{' and '.join(keys)} make the name {name}: {wrong}", hint)
    return names
