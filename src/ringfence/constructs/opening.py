"""A way in from the internet that a switch of the configuration makes: no construct has one by itself."""

from __future__ import annotations

from ringfence.record import record


@record()
class Opening:
    """The addresses that are let in, and the switch that lets them."""

    switch: str
    """The configuration's key, such as ``switches.deployer_address``."""
    addresses: tuple[str, ...] = ()
    """Addresses or CIDR ranges; with none, everybody is let in."""

    @property
    def everybody(self) -> bool:
        return not self.addresses
