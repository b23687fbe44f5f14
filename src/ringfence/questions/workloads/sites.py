"""Web apps and function apps as workloads, and the settings that their code is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.principal import identities
from ringfence.model.value import Absent, Known, Many, Unknown
from ringfence.questions.workloads.held import Held, held_in_setting
from ringfence.questions.workloads.ingress import Entrance
from ringfence.questions.workloads.targets import targets
from ringfence.questions.workloads.workload import Mount, Workload

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.model.value import Attr
    from ringfence.model.web import Site


def site(estate: Estate, site: Site) -> Workload:
    mounts = tuple(Mount(m.account, str(getattr(m.mount_path, "value", "") or "")) for m in site.storage_mounts)
    return Workload(
        site.key,
        site,
        identities(estate, site),
        mounts,
        _site_secrets(estate, site),
        targets(estate, site, "subnets", (site.virtual_network_subnet,)),
        Entrance("https"),
    )


def _site_secrets(estate: Estate, site: Site) -> Many[Held]:
    settings = site.app_settings
    found: list[Held] = []
    for name, setting in named(settings):
        found.extend(held_in_setting(estate, "app setting", name, setting, settings.origin))
    for string in site.connection_strings:
        if not isinstance(string.value, Absent):
            name = str(getattr(string.name, "value", ""))
            found.extend(held_in_setting(estate, "connection string", name, string.value.value, string.value.origin))
    open_ = settings if isinstance(settings, Unknown) else site.connection_strings.open
    return Many("secrets", tuple(found), settings.origin, open_)


def named(settings: Attr[Any]) -> Iterator[tuple[str, Any]]:
    """Each setting by its name; of settings that are not all known, what is known to be among them, as one."""
    if isinstance(settings, Known):
        yield from settings.value.items()
    elif isinstance(settings, Unknown):
        yield settings.field, settings.value
