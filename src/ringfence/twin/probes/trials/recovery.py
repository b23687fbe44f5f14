"""What is deleted in a vault can be had back, and cannot be destroyed before its time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import KeyVault
from ringfence.twin.probes.canary import NAME, fresh
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.trials.relaxed import PURGE, relaxed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.questions.reach.door import Door

FAMILY = "recovery"
_SET = "Microsoft.KeyVault/vaults/secrets/setSecret/action"


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each vault in which somebody may write."""
    for vault in subject.estate.of(KeyVault):
        door = subject.door(vault, "vault")
        if door is not None and vault.key not in relaxed(subject, PURGE):
            says = f"a secret of {name_of(vault)} that was deleted comes back whole, and cannot be purged meanwhile"
            shows = shown(subject.platform, FAMILY, vault.key)
            yield Trial(f"{FAMILY}/{name_of(vault)}", shows, says, _act(vault, door))


def _act(vault: KeyVault, door: Door) -> Any:
    async def act(trying: Trying) -> None:
        subject = trying.subject
        who = subject.one_who_may(_SET, vault, subject.inside(door))
        trying.expect("somebody who looks after the vault", who is not None, "the estate declares nobody who may write")
        assert who is not None
        words: dict[str, Any] = {"host": subject.host(door), "name": NAME}
        await trying.hands.do(who, "recover_secret", **words)  # of an earlier run, which could not purge it either
        before = await trying.accepted(who, "set_secret", value=fresh(), **words)
        try:
            deleted = await trying.accepted(who, "delete_secret", **words)
            await trying.refused(who, "get_secret", "service", **words)
            await trying.refused(who, "purge_secret", "access", "service", **words)
            level = str(deleted["recovery"])
            trying.expect("a level without Purge", "Purgeable" not in level, f"the recovery level is {level}")
            await trying.accepted(who, "recover_secret", **words)
            after = await trying.accepted(who, "get_secret", **words)
            same = before["digest"] == after["digest"]
            trying.expect("the same value as before", same, "another value came back")
        finally:
            await trying.hands.do(who, "delete_secret", **words)
            await trying.hands.do(who, "purge_secret", **words)

    return act
