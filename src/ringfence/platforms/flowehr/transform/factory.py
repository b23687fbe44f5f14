"""The data factory: it runs the pipelines on the cluster, and copies into the data lake."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.data_factory import DataFactory
from ringfence.model.symbol import text

if TYPE_CHECKING:
    from ringfence.constructs.databricks import Databricks
    from ringfence.constructs.storage import Storage
    from ringfence.model.blueprint import File
    from ringfence.platforms.flowehr.core.layer import Core
    from ringfence.platforms.flowehr.settings import Config

ABOUT = "The data factory. Endpoints of its managed network are approved once by the owners of what they lead to."


def declare(file: File, config: Config, core: Core, databricks: Databricks, datalake: Storage) -> DataFactory:
    """The factory with its ways to the data lake and to Databricks."""
    made = DataFactory(file, "factory", core.data_home, called=config.names["data_factory"])
    made.reaches("datalake", called="datalake", to=datalake.account, subresource="dfs")
    made.reaches("databricks", called="databricks", to=databricks.workspace, subresource="databricks_ui_api")
    file.resource(
        "azurerm_data_factory_linked_service_data_lake_storage_gen2",
        "datalake",
        name="ADLSLinkedServiceViaMSI",
        data_factory_id=made.id,
        integration_runtime_name=made.runtime.ref("name"),
        url=text("https://", datalake.account.ref("name"), ".dfs.core.windows.net"),
        use_managed_identity=True,
    )
    datalake.may_write(
        "factory_writes_to_datalake",
        config.transform.zones[0],
        who=made.principal,
        called=made.called,
        why="The factory copies records, as itself, into the zone of those that come in.",
        file=file,
    )
    return made
