"""What is mounted for code, or set for it, from a vault is there where it runs, and nothing else of a vault is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import Certificate, Key, KeyVault, Secret
from ringfence.twin.probes.canary import fresh
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.questions.workloads.workload import Workload

FAMILY = "mounted"
_SCOPE = "https://vault.azure.net/.default"
_FILE = "secrets store"


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each identity whose code is given items of a vault."""
    told: set[str] = set()
    for workload in subject.workloads:
        own, wanted = subject.own(workload), _wanted(workload)
        if own is not None and wanted and own.name not in told and subject.runs_code(workload):
            told.add(own.name)
            says = f"{workload.title} finds {', '.join(sorted(wanted))} where it runs, as they are in the vault"
            yield Trial(f"{FAMILY}/{own.name}", shown(subject.platform, FAMILY, own.name), says, _act(workload, wanted))


def _wanted(workload: Workload) -> dict[str, str]:
    """The names under which items are given to it, each with how."""
    held = (one for one in workload.secrets if isinstance(one.item, (Secret, Certificate, Key)))
    return {one.name.rpartition(" ")[2]: one.how for one in held}


def _act(workload: Workload, wanted: dict[str, str]) -> Any:
    async def act(trying: Trying) -> None:
        who = Who("", workload.key, "self", fresh())  # items are mounted when code begins
        try:
            await trying.accepted(who, "sign_in", scope=_SCOPE)
            found = await trying.accepted(who, "surroundings", names=sorted(wanted))
        finally:
            trying.hands.forget(who)
        missing = sorted(set(wanted) - set(found["files"]) - set(found["variables"]))
        trying.expect("each of them to be there", not missing, f"{', '.join(missing)} is not")
        misplaced = [n for n, how in wanted.items() if (how == _FILE) != (n in found["files"])]
        trying.expect("files to be files, settings to be settings", not misplaced, f"{', '.join(misplaced)} is not")
        more = sorted(set(found["others"]))
        trying.expect("no other file", not more, f"there is {', '.join(more)}")
        trying.expect("no value in another setting", not found["strays"], f"{', '.join(found['strays'])} has one")
        for held in workload.secrets:
            if isinstance(held.item, Secret):  # a certificate's bundle is sealed anew for each who asks
                told = await trying.accepted(who, "get_secret", **_read(trying.subject, held.item))
                same = told["digest"] == found["digests"][held.name.rpartition(" ")[2]]
                trying.expect("what the vault holds", same, f"{held.name} has another text")

    return act


def _read(subject: Subject, secret: Secret) -> dict[str, Any]:
    vault = subject.estate.target(secret, secret.vault)
    door = subject.door(vault, "vault") if isinstance(vault, KeyVault) else None
    return {"host": subject.host(door) if door is not None else "", "name": name_of(secret)}
