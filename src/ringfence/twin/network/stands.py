"""All stands of a twin: one for each place, and each workload, that somebody asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.errors import AbsentError, UsageError
from ringfence.questions.reach.places import INTERNET, places
from ringfence.questions.reach.standing import places_of
from ringfence.questions.workloads.every import workloads
from ringfence.twin.network.proxy import Proxy
from ringfence.twin.network.stand import Stand

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.questions.place import Place
    from ringfence.questions.workloads.workload import Workload
    from ringfence.twin.network.way import Way
    from ringfence.twin.store import Store

_BUCKET = "stands"


class Stands:
    """Opened when first asked for; a port and a token stay the same for the whole run."""

    def __init__(self, way: Way, store: Store) -> None:
        self._way = way
        self._store = store
        self._proxies: dict[str, Proxy] = {}

    async def begin(self) -> None:
        """Those of an earlier start listen again, where their places are still there."""
        for _, row in self._store.rows(_BUCKET):
            try:
                stand = self._made(row["at"], row["workload"])
            except UsageError:
                continue
            stand.token, stand.port = row["token"], row["port"]
            await self._open(stand)

    async def end(self) -> None:
        """None listens."""
        for proxy in self._proxies.values():
            await proxy.end()

    async def at(self, place: str = "", workload: str = "") -> Stand:
        """The stand of a place, or of a workload in the place that it is in.

        Raises:
            UsageError: the words mean none, or several.
        """
        wanted = self._made(place, workload)
        if wanted.name not in self._proxies:
            await self._open(wanted)
            row = {"at": place, "workload": workload, "token": wanted.token, "port": wanted.port}
            self._store.put(_BUCKET, wanted.name, row)
        return self._proxies[wanted.name].stand

    async def _open(self, stand: Stand) -> None:
        proxy = Proxy(stand, self._way)
        await proxy.begin()
        self._proxies[stand.name] = proxy

    def _made(self, at: str, workload: str) -> Stand:
        estate = self._way.present.estate
        if not workload:
            key = one_place(estate, at or "internet").key
            return Stand(key, lambda newest: one_place(newest, at or "internet"))
        found = one_workload(estate, workload)
        if at:
            key = one_place(estate, at).key
            return Stand(f"{found.key} at {key}", lambda newest: one_place(newest, at), found.key)
        _stands(estate, found)
        return Stand(found.key, lambda newest: _stands(newest, one_workload(newest, found.key)), found.key)


def one_place(estate: Estate, text: str) -> Place:
    """The place that the words mean, or what a subnet's name ends with.

    Raises:
        UsageError: they mean none, or several.
    """
    if text == "internet":
        return INTERNET
    try:
        found = places(estate, text)
    except AbsentError:
        found = tuple(p for p in places(estate, "subnets") if text.casefold() in p.title.casefold())
        if not found:
            raise
    if len(found) > 1:
        raise UsageError(f"{text} means {len(found)} places", hint=f"Use one of {', '.join(p.title for p in found)}.")
    return found[0]


def one_workload(estate: Estate, text: str) -> Workload:
    """The workload that is called so: its key, its name, an identity's, or what only one name ends with.

    What runs all the time is meant rather than a job of the same name.

    Raises:
        AbsentError: none is.
        UsageError: several are.
    """
    wanted, every = text.casefold(), tuple(workloads(estate))
    for matches in (_is_called, _ends_so):
        found = [w for w in every if matches(w, wanted)]
        lasting = [w for w in found if "_job_" not in w.key] or found
        if len(lasting) == 1:
            return lasting[0]
        if lasting:
            raise UsageError(f"{text} means several workloads", hint=f"Use one of {', '.join(w.key for w in lasting)}.")
    hint = f"The workloads are {', '.join(sorted({w.title for w in every}))}." if every else "The estate has none."
    raise AbsentError(f"the estate has no workload that is called {text}", hint=hint)


def _is_called(workload: Workload, wanted: str) -> bool:
    return wanted in (workload.key.casefold(), workload.title.casefold(), workload.resource.address.casefold())


def _ends_so(workload: Workload, wanted: str) -> bool:
    return workload.title.casefold().endswith(wanted) or wanted in workload.title.casefold().split("-")


def _stands(estate: Estate, workload: Workload) -> Place:
    found = places_of(estate, workload.resource)
    if not found:
        raise UsageError(f"it is not known where {workload.title} stands", hint="Say a place with --at.")
    return found[0]
