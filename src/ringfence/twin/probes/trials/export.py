"""No key comes out: not by release, not in a backup, not with what is told of it, not by a certificate's secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import Key, KeyVault
from ringfence.model.value import Known
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.keyvault import Certificate
    from ringfence.questions.reach.door import Door

FAMILY = "export"
_KEYS = "Microsoft.KeyVault/vaults/keys"
_READ, _BACKUP = f"{_KEYS}/read", f"{_KEYS}/backup/action"
_GET_SECRET = "Microsoft.KeyVault/vaults/secrets/getSecret/action"


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each declared key, and for each certificate whose key is to stay."""
    for vault in subject.estate.of(KeyVault):
        door = subject.door(vault, "vault")
        if door is None:
            continue
        name = name_of(vault)
        for key in subject.keys(vault):
            says = f"the private part of {name}/{name_of(key)} is in no answer of the vault"
            shows = shown(subject.platform, FAMILY, f"{name}/{name_of(key)}")
            yield Trial(f"{FAMILY}/{name}/{name_of(key)}", shows, says, _key(key, door))
        for one in subject.certificates(vault):
            if isinstance(one.exportable, Known) and not one.exportable.value:
                says = f"the secret of the certificate {name}/{name_of(one)} holds no key"
                shows = shown(subject.platform, FAMILY, f"{name}/{name_of(one)}")
                yield Trial(f"{FAMILY}/{name}/{name_of(one)}", shows, says, _certificate(one, door))


def _key(key: Key, door: Door) -> Any:
    async def act(trying: Trying) -> None:
        subject = trying.subject
        words: dict[str, Any] = {"host": subject.host(door), "name": name_of(key)}
        at = subject.inside(door)
        reader = subject.one_who_may(_READ, key, at)
        trying.expect("somebody who may read the key", reader is not None, "the estate declares nobody")
        assert reader is not None
        told = await trying.accepted(reader, "get_key", **words)
        trying.expect("a key of hardware", str(told["type"]).endswith("-HSM"), f"it is of the type {told['type']}")
        trying.expect("no private part", not told["private"], f"it tells {told['private']}")
        trying.expect("a key that cannot be exported", not told["exportable"], "it says that it is exportable")
        await trying.refused(reader, "release_key", **words)
        keeper = subject.one_who_may(_BACKUP, key, at)
        if keeper is not None:
            backup = await trying.accepted(keeper, "backup_key", **words)
            trying.expect("an opaque backup", not backup["key"], "a private key can be seen in it")

    return act


def _certificate(one: Certificate, door: Door) -> Any:
    async def act(trying: Trying) -> None:
        subject = trying.subject
        who = subject.one_who_may(_GET_SECRET, one, subject.inside(door))
        trying.expect("somebody who may read the secret", who is not None, "the estate declares nobody")
        assert who is not None
        told = await trying.accepted(who, "get_secret", host=subject.host(door), name=name_of(one))
        trying.expect("a secret without a key", not told["key"], "the secret holds the private key")

    return act
