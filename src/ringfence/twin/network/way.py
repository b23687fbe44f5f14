"""What the proxies of a twin share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.record import field, record
from ringfence.twin.http.limits import Hold, Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.twin.authority import Authority
    from ringfence.twin.logs.flows import Flow
    from ringfence.twin.network.gate import Gate
    from ringfence.twin.present import Present
    from ringfence.twin.services import Services


@record(eq=False)
class Way:
    """What a proxy needs to lead on."""

    present: Present
    gate: Gate
    services: Services
    authority: Authority
    seen: Callable[[Flow], None]
    """Told of every connection that was tried, as the network sees it."""
    limits: Limits = field(default=Limits())
    hold: Hold = field(default_factory=Hold)
    most: int = 256
    """Connections that a stand has at once; more are closed."""
