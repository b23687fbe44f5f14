"""The whole of EUDCC in the order in which it is deployed: the ways in for administrators, the regions, what runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.blueprint import Blueprint, Layer
from ringfence.model.register import Register
from ringfence.platforms.eudcc import base, config, dev, notes, workloads

if TYPE_CHECKING:
    from collections.abc import Mapping


def declared(files: Mapping[str, str]) -> Blueprint:
    """See `ringfence.platforms.eudcc.blueprint`."""
    settings, register = config.read(files), Register()
    register.notes += notes.of(settings)
    ways_in = Layer("dev", dev.ABOUT, register)
    jump_boxes = dev.declare(ways_in, settings)
    regions = {
        name: base.declare(Layer(name, _ABOUT[name], register), settings, place, jump_boxes[name])
        for name, place in settings.places.items()
    }
    layers = (ways_in, *(region.layer for region in regions.values()), *workloads.declare(regions, settings))
    return Blueprint("eudcc", settings.environment, layers, settings.state, register, settings.production)


_ABOUT = {"eu": "What the EU gateway stands on.", "ie": "What Ireland's services stand on."}
