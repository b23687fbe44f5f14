"""FlowEHR: a hospital's records are ingested, transformed and served to applications, in three layers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.constructs.naming import checked
from ringfence.model.blueprint import Blueprint
from ringfence.platforms.flowehr import claims as own_claims
from ringfence.platforms.flowehr.core.layer import core
from ringfence.platforms.flowehr.core.people import people
from ringfence.platforms.flowehr.serve.layer import serve
from ringfence.platforms.flowehr.settings import notes, read
from ringfence.platforms.flowehr.settings.admitted import groups
from ringfence.platforms.flowehr.settings.apps import serving
from ringfence.platforms.flowehr.settings.switches import SWITCHES
from ringfence.platforms.flowehr.transform import users
from ringfence.platforms.flowehr.transform.layer import transform

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["SWITCHES", "WORLDS", "blueprint", "claims"]

WORLDS = ("prod", "ci", "dev")


def blueprint(files: Mapping[str, str]) -> Blueprint:
    """What FlowEHR declares for a configuration: core, then transform, then serve.

    Raises:
        InputError: the configuration says what it should not.
        ConstructError: what it asks for makes no sense on Azure.
    """
    config = read(files)
    first = core(config)
    first.layer.register.notes += notes.of(config.table)
    known = people(first, config)
    second = transform(first, config)
    users.declare(second, known)
    third = serve(first, second, known, config)
    layers = (first.layer, second.layer, third.layer)
    checked(declared for layer in layers for declared in layer)
    return Blueprint("flowehr", config.axes.world, layers, config.state, first.layer.register, config.production)


def claims(files: Mapping[str, str]) -> str:
    """What FlowEHR says of the apps of a configuration, as a decisions file has it.

    Raises:
        InputError: the configuration says what it should not.
    """
    config = read(files)
    return own_claims.claims(serving(config, groups(config)).apps)
