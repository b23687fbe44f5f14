"""The transform layer: records are ingested, transformed and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.blueprint import Layer
from ringfence.platforms.flowehr.core import provide
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.blueprint import Declared
    from ringfence.platforms.flowehr.config import Config
    from ringfence.platforms.flowehr.core import Core

ABOUT = "Records are ingested, transformed and kept."


@record(eq=False)
class Transform:
    """What the layer after this one uses of it."""

    layer: Layer
    server: Declared
    """The SQL server of the features."""
    database: Declared


def transform(core: Core, config: Config) -> Transform:
    """Declares the layer."""
    layer = Layer("transform", ABOUT, core.layer.register)
    provide(layer, config)
    return Transform(layer, core.group, core.group)
