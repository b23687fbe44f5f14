"""One item and no other: every identity gets exactly what it needs of the vaults, and every item goes to no one else.

Both are read off the same attempts: each identity tries everything on every item, by its own client.
"""

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
    from collections.abc import Iterable, Iterator

    from ringfence.model.keyvault import Certificate
    from ringfence.model.principal import Principal
    from ringfence.model.resource import Resource
    from ringfence.questions.reach.door import Door

WHO, ITEM = "one-item", "item"
SCOPE = "https://vault.azure.net/.default"
_GET_SECRET = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
_KINDS = ("user-assigned identity", "system-assigned identity", "service principal")


@record()
class Deed:
    """One thing to try on one item."""

    need: Need
    door: Door
    resource: Resource
    algorithm: str = ""


@record(eq=False)
class One:
    """An identity and what it needs."""

    principal: Principal
    needs: frozenset[Need]


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each identity but those that look after a vault, one for each item."""
    deeds = tuple(_deeds(subject))
    ones = tuple(_ones(subject)) if deeds else ()
    for one in ones:
        items = ", ".join(sorted({f"{n.vault}/{n.name}" for n in one.needs})) or "nothing"
        says = f"{one.principal.name} gets {items} of the vaults, and no other item"
        shows = shown(subject.platform, WHO, one.principal.name)
        yield Trial(f"{WHO}/{one.principal.name}", shows, says, _act([one], deeds))
    for name, mine in _by_item(deeds).items():
        who = ", ".join(o.principal.name for o in ones if any(d.need in o.needs for d in mine)) or "nobody"
        says = f"{name} is given to {who}, and to no other identity"
        shows = shown(subject.platform, ITEM, name)
        yield Trial(f"{ITEM}/{name}", shows, says, _act(ones, mine) if who != "nobody" else _kept(ones, mine))


def _ones(subject: Subject) -> Iterator[One]:
    whole = stewards(subject)
    for principal in subject.principals:
        acts = principal.kind in _KINDS and subject.acting(principal, "") is not None
        if acts and principal.name not in whole:
            yield One(principal, needs(subject, principal))


def _by_item(deeds: Iterable[Deed]) -> dict[str, list[Deed]]:
    found: dict[str, list[Deed]] = {}
    for deed in deeds:
        found.setdefault(f"{deed.need.vault}/{deed.need.name}", []).append(deed)
    return found


def _act(ones: Iterable[One], deeds: Iterable[Deed]) -> Any:
    async def act(trying: Trying) -> None:
        await together(*(_signed_in(trying, one, deeds) for one in ones))

    return act


def _kept(ones: Iterable[One], deeds: Iterable[Deed]) -> Any:
    """An item that nobody needs is there all the same: whoever looks after the vault reads it."""
    secret = next((deed for deed in deeds if deed.need.deed == "get_secret"), None)

    async def act(trying: Trying) -> None:
        if secret is not None:
            subject = trying.subject
            who = subject.one_who_may(_GET_SECRET, secret.resource, subject.inside(secret.door))
            trying.expect("somebody who looks after the vault", who is not None, "the estate declares nobody")
            assert who is not None
            await trying.accepted(who, "get_secret", host=subject.host(secret.door), name=secret.need.name)
        await together(*(_signed_in(trying, one, deeds) for one in ones))

    return act


async def _signed_in(trying: Trying, one: One, deeds: Iterable[Deed]) -> None:
    """It has tokens for the vaults; what it is refused then, it is refused for want of a role."""
    await together(*(_tried(trying, one, deed) for deed in deeds))


async def _tried(trying: Trying, one: One, deed: Deed) -> None:
    need = deed.need
    who = trying.subject.acting(one.principal, trying.subject.inside(deed.door, one.principal))
    assert who is not None
    job: str = need.deed
    words: dict[str, Any] = {"host": trying.subject.host(deed.door), "name": need.name}
    if need.deed in ("sign", "wrap"):
        more = {"operation": need.deed, "algorithm": deed.algorithm, "stranger": need not in one.needs}
        job, words = "operate", {**words, **more}
    if need in one.needs:
        await trying.accepted(who, job, again=False, **words)
    else:
        await trying.accepted(who, "sign_in", again=False, scope=SCOPE)
        await trying.refused(who, job, "access", again=False, **words)


def _deeds(subject: Subject) -> Iterator[Deed]:
    """Everything that somebody could want of the items of every vault."""
    for vault in subject.estate.of(KeyVault):
        door = subject.door(vault, "vault")
        if door is None or not isinstance(vault.name, Known):
            continue
        name = str(vault.name.value)
        for secret in subject.secrets(vault):
            yield Deed(Need(name, "get_secret", name_of(secret)), door, secret)
        for one in subject.certificates(vault):
            for deed in ("get_secret", "sign", "get_certificate"):
                yield Deed(Need(name, deed, name_of(one)), door, one, _signs_by(one))
        for key in subject.keys(vault):
            for deed in ("wrap", "sign"):
                yield Deed(Need(name, deed, name_of(key)), door, key, "RS256")


def _signs_by(certificate: Certificate) -> str:
    """The algorithm that the certificate's key signs with."""
    kind = certificate.kty
    return "ES256" if isinstance(kind, Known) and str(kind.value).startswith("EC") else "RS256"
