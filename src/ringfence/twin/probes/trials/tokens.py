"""A request without a token is nobody's, one without the role is refused, and a role is what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import KeyVault
from ringfence.twin.probes.shown import shown
from ringfence.twin.probes.subject import Subject, name_of
from ringfence.twin.probes.trial import Trial, Trying
from ringfence.twin.probes.trials.accesses import stranger
from ringfence.twin.probes.trials.reading import secret_reader
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Iterator

FAMILY = "token"
_SCOPE, _OTHER = "https://vault.azure.net/.default", "https://management.azure.com/.default"
_UNAUTHENTICATED, _FORBIDDEN = 401, 403


def trials(subject: Subject) -> Iterator[Trial]:
    """One for each vault in which somebody may read a secret."""
    for vault in subject.estate.of(KeyVault):
        if secret_reader(subject, vault) is not None:
            says = f"{name_of(vault)} answers 401 without a token or with another's, 403 without the role"
            shows = shown(subject.platform, FAMILY, vault.key)
            yield Trial(f"{FAMILY}/{name_of(vault)}", shows, says, _act(vault))


def _act(vault: KeyVault) -> Any:
    async def act(trying: Trying) -> None:
        tried = secret_reader(trying.subject, vault)
        assert tried is not None
        _, told, who = tried
        words = {"host": told["host"], "path": f"/secrets/{told['name']}?api-version=7.4"}
        other = stranger(trying.subject, who.at)
        assert other is not None
        await trying.accepted(who, "fetch", scope=_SCOPE, **words)
        for whose, scope, status in (
            (Who(who.at), "", _UNAUTHENTICATED),
            (who, _OTHER, _UNAUTHENTICATED),
            (other, _SCOPE, _FORBIDDEN),
        ):
            refused = await trying.refused(whose, "fetch", "access", scope=scope, **words)
            trying.expect(f"{status}", refused["status"] == status, f"it answers {refused['status']}")

    return act
