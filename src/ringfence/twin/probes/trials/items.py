"""One item and no other: every identity gets exactly what it needs of the vaults, by its own client."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import KeyVault
from ringfence.model.value import Known
from ringfence.record import record
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying, together
from ringfence.twin.probes.trials.needs import Need, needs, stewards

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.principal import Principal
    from ringfence.questions.reach.door import Door
    from ringfence.twin.probes.who import Who

FAMILY = "one-item"
_REFUSED = ("access", "network", "service", "name")
_SCOPE = "https://vault.azure.net/.default"


@record()
class Deed:
    """One thing to try on one item."""

    need: Need
    door: Door


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each identity, application or workload; none for who looks after a vault."""
    deeds = tuple(_deeds(subject))
    whole = stewards(subject)
    for principal in _identities(subject) if deeds else ():
        if principal.name in whole:
            continue
        mine = needs(subject, principal)
        items = ", ".join(sorted(f"{n.vault}/{n.name}" for n in mine)) or "nothing"
        says = f"{principal.name} gets {items} of the vaults, and no other item"
        shows = shown(subject.platform, FAMILY, principal.key, *(f"{n.vault}/{n.name}" for n in sorted(mine, key=str)))
        yield Trial(f"{FAMILY}/{principal.name}", shows, says, _act(principal, mine, deeds))


def _identities(subject: Subject) -> tuple[Principal, ...]:
    kinds = ("user-assigned identity", "system-assigned identity", "service principal")
    return tuple(p for p in subject.principals if p.kind in kinds and subject.acting(p, "") is not None)


def _act(principal: Principal, mine: frozenset[Need], deeds: tuple[Deed, ...]) -> Any:
    async def act(trying: Trying) -> None:
        inside = trying.subject.inside(deeds[0].door)
        who = trying.subject.acting(principal, "")
        if who is not None and not who.workload:
            who = who.there(inside)
        assert who is not None
        await trying.accepted(who, "sign_in", scope=_SCOPE)
        await together(*(_tried(trying, who, deed, mine) for deed in deeds))

    return act


async def _tried(trying: Trying, who: Who, deed: Deed, mine: frozenset[Need]) -> None:
    need = deed.need
    words: dict[str, Any] = {"host": trying.subject.host(deed.door), "name": need.name}
    job = need.deed
    if need.deed in ("sign", "wrap"):
        job, words = "operate", {**words, "operation": need.deed}
    if need in mine:
        await trying.accepted(who, job, **words)
    else:
        await trying.refused(who, job, *_REFUSED, **words)


def _deeds(subject: Subject) -> Iterator[Deed]:
    """Everything that somebody could want of the items of every vault."""
    for vault in subject.estate.of(KeyVault):
        door = subject.door(vault, "vault")
        if door is None or not isinstance(vault.name, Known):
            continue
        name = str(vault.name.value)
        for secret in subject.secrets(vault):
            yield Deed(Need(name, "get_secret", name_of(secret)), door)
        for certificate in subject.certificates(vault):
            for deed in ("get_secret", "sign", "get_certificate"):
                yield Deed(Need(name, deed, name_of(certificate)), door)
        for key in subject.keys(vault):
            yield Deed(Need(name, "wrap", name_of(key)), door)
            yield Deed(Need(name, "sign", name_of(key)), door)
