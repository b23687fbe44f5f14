"""Keys that wrap others: each for the one service that needs it, to wrap and unwrap with and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import KeyVault
from ringfence.model.value import Known
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying, together
from ringfence.twin.probes.trials.needs import Need, needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.keyvault import Key
    from ringfence.model.principal import Principal
    from ringfence.questions.reach.door import Door

FAMILY = "wrapping-key"
_OTHERS = ("encrypt", "decrypt", "sign", "verify")


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each key that somebody needs for wrapping."""
    for vault in subject.estate.of(KeyVault):
        door = subject.door(vault, "vault")
        if door is None or not isinstance(vault.name, Known):
            continue
        users = {key.key: _users(subject, str(vault.name.value), key) for key in subject.keys(vault)}
        for key in subject.keys(vault):
            mine = users[key.key]
            others = [p for k, ps in users.items() if k != key.key for p in ps if p not in mine]
            if mine:
                name = f"{vault.name.value}/{name_of(key)}"
                whose = ", ".join(p.name for p in mine)
                says = f"{whose} wraps and unwraps with {name} and does nothing else with it; no other service does"
                shows = shown(subject.platform, FAMILY, name)
                yield Trial(f"{FAMILY}/{name}", shows, says, _act(door, name_of(key), mine[0], others))


def _users(subject: Subject, vault: str, key: Key) -> list[Principal]:
    wanted = Need(vault, "wrap", name_of(key))
    return [p for p in subject.principals if wanted in needs(subject, p) and subject.acting(p, "") is not None]


def _act(door: Door, name: str, mine: Principal, others: list[Principal]) -> Any:
    async def act(trying: Trying) -> None:
        subject = trying.subject
        at = subject.inside(door)
        who = subject.acting(mine, at)
        assert who is not None
        words: dict[str, Any] = {"host": subject.host(door), "name": name}
        wrapped = (await trying.accepted(who, "operate", operation="wrap", **words))["wrapped"]
        back = await trying.accepted(who, "operate", operation="unwrap", wrapped=wrapped, **words)
        trying.expect("what was wrapped to come back", bool(back["same"]), "something else came back")
        more = {"wrapped": wrapped, **words}
        tries = [trying.refused(who, "operate", "access", operation=one, **more) for one in _OTHERS]
        for other in others:
            stranger = subject.acting(other, at)
            assert stranger is not None
            tries += [trying.refused(stranger, "operate", "access", operation=one, stranger=True, **more)
                      for one in ("wrap", "unwrap")]  # fmt: skip
        await together(*tries)

    return act
