"""Host names: which door of the estate each leads to, and those that all tenants share.

What Azure chooses at creation, such as the hash in the name of a cluster's API server, the run chooses.

Source: learn.microsoft.com/azure/azure-government/documentation-government-developer-guide lists the public cloud's
endpoints; learn.microsoft.com/azure/virtual-network/service-tags-overview the tags
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ringfence.questions.reach.doors import data_planes
from ringfence.record import record, replace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.questions.reach.door import Door
    from ringfence.twin.entra.directory import Directory
    from ringfence.twin.present import Present


@record()
class Shared:
    """A service that every tenant shares: no resource of the estate is behind its name."""

    service: str
    """"entra", "arm" or "logs"."""
    tag: str
    """The service tag that its addresses are in."""


SHARED: dict[str, Shared] = {
    "login.microsoftonline.com": Shared("entra", "AzureActiveDirectory"),
    "login.windows.net": Shared("entra", "AzureActiveDirectory"),
    "login.microsoft.com": Shared("entra", "AzureActiveDirectory"),
    "management.azure.com": Shared("arm", "AzureResourceManager"),
    "api.loganalytics.azure.com": Shared("logs", "AzureMonitor"),
    "api.loganalytics.io": Shared("logs", "AzureMonitor"),
}
IMDS = "169.254.169.254"
"""Where a machine asks for tokens of its identities; packets to it never leave the machine.

Source: learn.microsoft.com/entra/identity/managed-identities-azure-resources/how-to-use-vm-token
"""
APP_SERVICE = "169.254.129.1"
"""Where a site's code asks: App Service chooses the address and says it in ``IDENTITY_ENDPOINT``."""
_HOST = re.compile(r"^(?=.{1,253}$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+$")


class Names:
    """The names of the newest estate."""

    def __init__(self, present: Present, directory: Directory) -> None:
        self._present = present
        self._directory = directory

    def find(self, host: str) -> Door | Shared | None:
        """What a name leads to; None when nothing here has it."""
        return SHARED.get(host) or self._present.estate.once(self._doors).get(host)

    def hosts(self) -> tuple[str, ...]:
        """Every name."""
        return (*SHARED, *self._present.estate.once(self._doors))

    def host_of(self, door: Door) -> str:
        """The first name of a door; "" when it has none."""
        return next((self.settled(h, door) for h in door.hosts), "")

    def settled(self, host: str, door: Door) -> str:
        """The name with what is not known in it chosen for this run; an expression is the same wherever it stands."""
        return "".join(self._chosen(part, door) if unknown else part for part, unknown in _parts(host))

    def _chosen(self, what: str, door: Door) -> str:
        if not what.isidentifier():
            return self._directory.id_of(what)[:8]
        made = self._directory.id_of(f"{what}/{door.resource.key}")
        if what == "workspace" and door.resource.type.casefold() == "microsoft.operationalinsights/workspaces":
            return made
        if what == "n":
            return str(int(made[:4], 16) % 20)
        return "".join(c for c in made if c.isdigit())[:16] if what == "workspace" else made[:8]

    def _doors(self, estate: Estate) -> dict[str, Door]:
        found: dict[str, Door] = {}
        for door in data_planes(estate):
            for host in (self.settled(h, door) for h in door.hosts):
                if _HOST.match(host) and host not in SHARED:
                    known = found.get(host)
                    if known is None:
                        found[host] = door
                    elif known.resource.key == door.resource.key:
                        found[host] = replace(known, ports=tuple(dict.fromkeys((*known.ports, *door.ports))))
        return found


def _parts(text: str) -> Iterator[tuple[str, bool]]:
    """What is written of a name, and the expressions between, each without its ``${}``; they may hold others."""
    while text:
        before, mark, rest = text.partition("${")
        yield before, False
        depth, end = 1 if mark else 0, 0
        while depth and end < len(rest):
            depth += {"{": 1, "}": -1}.get(rest[end], 0)
            end += 1
        if mark:
            yield rest[: end - 1], True
        text = rest[end:]


def is_host(text: str) -> bool:
    """True of what may stand in a certificate as a name."""
    return bool(_HOST.match(text))
