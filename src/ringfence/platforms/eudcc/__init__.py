"""EUDCC: the EU gateway and a country's issuing services, two regions from one base."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.model.blueprint import Blueprint
    from ringfence.platforms.switch import Switch

WORLDS = ("prod", "test")
SWITCHES: tuple[Switch, ...] = ()
"""Nothing opens it: certificates of test authorities, software keys and logs that are off have keys of their own, and
production is refused with each of them."""


def blueprint(files: Mapping[str, str]) -> Blueprint:
    """What EUDCC declares for a configuration.

    Raises:
        InputError: the configuration says what it should not.
        ConstructError: what it asks for makes no sense on Azure.
    """
    from ringfence.platforms.eudcc.platform import declared

    return declared(files)


def claims(files: Mapping[str, str]) -> str:  # noqa: ARG001  # what EUDCC says of itself holds of any configuration
    """Nothing beside its decisions file."""
    return ""
