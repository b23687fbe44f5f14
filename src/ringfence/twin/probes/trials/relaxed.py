"""What a switch of the configuration has relaxed is open to whom it names, and to nobody else: a copy for a developer.

The platform's register says what is relaxed; of a production there is nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import KeyVault
from ringfence.model.value import Known
from ringfence.twin.probes.canary import fresh
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import OUTSIDE, Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.questions.reach.door import Door

NETWORK, PURGE = "public_network_access_enabled", "purge_protection_enabled"
_FAMILY, _PURGED = "relaxed-network", "purged"
_STOPPED = ("network", "service", "name")
_SET = "Microsoft.KeyVault/vaults/secrets/setSecret/action"
_HTTPS = 443


def relaxed(subject: Subject, argument: str) -> frozenset[str]:
    """The keys of the resources of which the argument is relaxed."""
    return frozenset(one.key for one in subject.register.relaxations if one.argument == argument)


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each resource that is relaxed so."""
    open_, told = relaxed(subject, NETWORK), set()
    for door in subject.doors:
        key = door.resource.key
        if key in open_ and key not in told and door.ports:
            told.add(key)
            says = f"{name_of(door.resource)} answers {_whom(door)} on the internet"
            yield Trial(f"{_FAMILY}/{name_of(door.resource)}", shown(subject.platform, _FAMILY, key), says, _met(door))
    for vault in subject.estate.of(KeyVault):
        door_ = subject.door(vault, "vault")
        if vault.key in relaxed(subject, PURGE) and door_ is not None:
            says = f"a secret of {name_of(vault)} is purged by who looks after it, and made anew"
            shows = shown(subject.platform, _PURGED, vault.key)
            yield Trial(f"{_PURGED}/{name_of(vault)}", shows, says, _destroyed(vault, door_))


def _whom(door: Door) -> str:
    return ", ".join(_addresses(door)) or "whoever asks"


def _addresses(door: Door) -> tuple[str, ...]:
    """The addresses that its firewall lists; none where it is open to all."""
    listed: Any = getattr(door.resource, "network_acls_ip_rules", None) or getattr(door.resource, "ip_rules", None)
    if isinstance(listed, Known):
        return tuple(map(str, listed.value))
    rules = getattr(door.resource, "firewall_rules", ())
    return tuple(str(r.start_ip_address.value) for r in rules if isinstance(r.start_ip_address, Known))


def _met(door: Door) -> Any:
    async def act(trying: Trying) -> None:
        words: dict[str, Any] = {"host": trying.subject.host(door)}
        job = "knock" if _HTTPS in door.ports else "connect"
        if job == "connect":
            words["port"] = door.ports[0]
        for address in _addresses(door) or (OUTSIDE,):
            await trying.accepted(Who(address), job, **words)
        if _addresses(door):
            await trying.refused(Who(OUTSIDE), job, *_STOPPED, **words)

    return act


def _destroyed(vault: KeyVault, door: Door) -> Any:
    async def act(trying: Trying) -> None:
        who = trying.subject.one_who_may(_SET, vault, trying.subject.inside(door))
        trying.expect("somebody who looks after the vault", who is not None, "the estate declares nobody who may write")
        assert who is not None
        words: dict[str, Any] = {"host": trying.subject.host(door), "name": fresh()}
        for _ in ("made", "made anew"):
            await trying.accepted(who, "set_secret", value=fresh(), **words)
            await trying.accepted(who, "delete_secret", **words)
            await trying.accepted(who, "purge_secret", **words)

    return act
