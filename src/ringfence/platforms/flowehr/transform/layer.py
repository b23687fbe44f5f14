"""The transform layer: records are ingested, transformed and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.databricks import Databricks
from ringfence.constructs.insights import Insights
from ringfence.constructs.sql import SqlServer
from ringfence.constructs.storage import Storage
from ringfence.model.blueprint import Layer
from ringfence.platforms.flowehr.core import network
from ringfence.platforms.flowehr.core.layer import provide
from ringfence.platforms.flowehr.transform import credentials, factory, notebooks, secrets
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.constructs.data_factory import DataFactory
    from ringfence.model.blueprint import Declared
    from ringfence.platforms.flowehr.core.layer import Core
    from ringfence.platforms.flowehr.settings import Config
    from ringfence.platforms.flowehr.transform.credentials import Credentials

ABOUT = "Records are ingested, transformed and kept."


@record(eq=False)
class Transform:
    """What the layer after this one uses of it."""

    layer: Layer
    sql: SqlServer
    """The server of the features."""
    database: Declared
    """The features: what applications and models read."""
    datalake: Storage
    databricks: Databricks
    factory: DataFactory
    credentials: Credentials
    """The service principals of the pipelines."""


def transform(core: Core, config: Config) -> Transform:
    """Declares the layer."""
    layer = Layer("transform", ABOUT, core.layer.register)
    provide(layer, config)
    network.sources(layer.file("network.tf", "The networks that records come from."), config, core)
    signing_in, kept = layer.file("auth.tf", credentials.ABOUT), layer.file("secrets.tf", secrets.ABOUT)
    known = credentials.declare(signing_in, kept, config, core)
    sql = _features(layer, config, core, known)
    database = sql.database(
        "features",
        called="sql-db-features",
        comment="What applications and models read.",
        destructible=config.switches.named("destructible"),
    )
    datalake = _datalake(layer, config, core)
    databricks = _databricks(layer, config, core)
    insights = Insights(
        layer.file("monitoring.tf", "What the pipelines report."),
        "transform",
        core.home,
        called=config.names["transform_insights"],
        logs=core.private_logs,
        public=config.switches.named("public_logs"),
    )
    made = factory.declare(layer.file("adf.tf", factory.ABOUT), config, core, databricks, datalake)
    notebooks.declare(layer, config, core, notebooks.Uses(known, sql, database, datalake, databricks, made, insights))
    return Transform(layer, sql, database, datalake, databricks, made, known)


def _features(layer: Layer, config: Config, core: Core, known: Credentials) -> SqlServer:
    file = layer.file("feature-data-store.tf", "The features: a SQL server to which only the directory signs in.")
    server = SqlServer(
        file,
        "features",
        core.home,
        called=config.names["sql"],
        owner=known.sql_owner.id,
        owner_called=known.sql_owner.called,
        storage=core.storage,
        subscription=core.client.ref("subscription_id"),
        tell=[recipient.email for recipient in config.recipients],
        open_to=config.switches.opening("deployer_addresses"),
    )
    credentials.looks_up_names(file, server)
    return server


def _datalake(layer: Layer, config: Config, core: Core) -> Storage:
    file = layer.file("adls.tf", "The data lake: records as they come, and what is made of them.")
    lake = Storage(
        file,
        "datalake",
        core.data_home,
        called=config.names["datalake"],
        lake=True,
        open_to=config.switches.opening("deployer_addresses"),
    )
    for zone in config.transform.zones:
        lake.container(zone.replace("-", "_"), called=zone)
    return lake


def _databricks(layer: Layer, config: Config, core: Core) -> Databricks:
    return Databricks(
        layer.file("databricks.tf", notebooks.ABOUT),
        "databricks",
        core.data_home,
        called=config.names["databricks"],
        storage=config.names["databricks_storage"],
        network=core.network,
        host="databricks_host",
        container="databricks_container",
        public=config.switches.named("public_databricks"),
    )
