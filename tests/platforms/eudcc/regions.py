"""A region by itself, with its way in, before anything runs in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.blueprint import Layer
from ringfence.platforms.eudcc import base, dev
from tests.platforms.eudcc.configured import configured

if TYPE_CHECKING:
    from ringfence.platforms.eudcc.region import Region


def region(name: str, over: str = "") -> Region:
    """The region of that name, as production has it."""
    config = configured("prod", over)
    layer = Layer("dev", "The way in.")
    return base.declare(Layer(name, "", layer.register), config, config.places[name], dev.declare(layer, config)[name])
