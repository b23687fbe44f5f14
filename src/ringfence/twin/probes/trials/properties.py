"""Properties that applications load from a vault by a pattern of names: the name that it gives finds the value.

Source: learn.microsoft.com/azure/developer/java/spring-framework/key-vault-property-source (secret names)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import KeyVault
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.trials.accesses import stranger
from ringfence.twin.probes.trials.needs import Need, needs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.principal import Principal
    from ringfence.questions.reach.door import Door

FAMILY = "property"


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each identity whose code loads properties of which the register tells."""
    for principal in subject.principals:
        mine = needs(subject, principal)
        loaded = [(item.vault, item.property) for item in subject.register.items
                  if item.property and Need(_vault(subject, item.vault), "get_secret", item.name) in mine]  # fmt: skip
        if loaded and subject.acting(principal, "") is not None:
            listed = ", ".join(sorted(name for _, name in loaded))
            says = f"{principal.name} finds {listed} in the vault, each by the name that its pattern gives"
            shows = shown(subject.platform, FAMILY, principal.name)
            yield Trial(f"{FAMILY}/{principal.name}", shows, says, _act(principal, loaded))


def _vault(subject: Subject, key: str) -> str:
    vault = subject.estate.resources.get(key)
    return name_of(vault) if vault is not None else ""


def secret_of(property_: str) -> str:
    """The name of the secret: in lower case, without the hyphens inside of a word, a hyphen for each dot."""
    return re.sub(r"[-_]", "", property_).lower().replace(".", "-")


def _act(principal: Principal, loaded: list[tuple[str, str]]) -> Any:
    async def act(trying: Trying) -> None:
        for key, property_ in loaded:
            door = _door(trying.subject, key)
            assert door is not None
            at = trying.subject.inside(door, principal)
            words = {"host": trying.subject.host(door), "name": secret_of(property_)}
            who, other = trying.subject.acting(principal, at), stranger(trying.subject, at)
            assert who is not None
            assert other is not None
            await trying.accepted(who, "get_secret", again=False, **words)
            await trying.refused(other, "get_secret", "access", again=False, **words)

    return act


def _door(subject: Subject, key: str) -> Door | None:
    vault = subject.estate.resources.get(key)
    return subject.door(vault, "vault") if isinstance(vault, KeyVault) else None
