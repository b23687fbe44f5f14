"""A vault that is decided by roles heeds no access policy: one that is written for somebody gives him nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.identity import UserAssignedIdentity
from ringfence.model.keyvault import KeyVault
from ringfence.model.symbol import Ref
from ringfence.model.world import Added, Change
from ringfence.twin.arm import changes
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.trials.needs import needs, stewards
from ringfence.twin.probes.trials.reading import secret_reader

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.principal import Principal

FAMILY = "access-policy"
_KEY = ".#azurerm_key_vault_access_policy.trial"


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each vault in which somebody may read a secret, where somebody else needs nothing of it."""
    other = next(_strangers(subject), None)
    for vault in subject.estate.of(KeyVault):
        if other is not None and secret_reader(subject, vault) is not None:
            says = f"an access policy of {name_of(vault)} for {other.name} gives it nothing: roles decide"
            shows = shown(subject.platform, FAMILY, vault.key)
            yield Trial(f"{FAMILY}/{name_of(vault)}", shows, says, _act(vault, other), disturbs="all")


def _strangers(subject: Subject) -> Iterator[Principal]:
    """Identities that need nothing of any vault."""
    for one in subject.principals:
        free = not needs(subject, one) and one.name not in stewards(subject)
        if isinstance(one.resource, UserAssignedIdentity) and free and subject.acting(one, "") is not None:
            yield one


def _act(vault: KeyVault, other: Principal) -> Any:
    assert other.resource is not None
    written = (
        ("key_vault_id", Ref(vault.key, ("id",))),
        ("tenant_id", Ref("@client_config", ("tenant_id",))),
        ("object_id", Ref(other.resource.key, ("principal_id",))),
        ("secret_permissions", ("Get", "List")),
    )
    policy = changes.as_row(Change(added=(Added(_KEY, written),)))

    async def act(trying: Trying) -> None:
        tried = secret_reader(trying.subject, vault)
        assert tried is not None
        job, words, who = tried
        stranger = trying.subject.acting(other, who.at)
        assert stranger is not None
        await trying.accepted(who, job, **words)
        await trying.refused(stranger, job, "access", **words)
        async with trying.put_back():
            await trying.hands.order("change", change=policy, then=True)
            await trying.accepted(who, job, **words)
            await trying.refused(stranger, job, "access", **words)

    return act
