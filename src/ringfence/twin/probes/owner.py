"""What trials ask of the supervisor, over the socket that only the twin's owner may open.

Trials are made from what is declared; which ids and names this run has given to it, the supervisor says. Azure's own
services hold tokens of the identities that they are given, and nobody's code runs there: the owner may have one such
token, to stand in for that service. A job of a pipeline has a token of its own issuer, for which the twin stands.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from ringfence.errors import UsageError
from ringfence.model.insights import LogAnalyticsWorkspace
from ringfence.model.storage import StorageAccount
from ringfence.questions.access.people import everybody
from ringfence.questions.reach.doors import data_planes
from ringfence.twin.arm import changes
from ringfence.twin.arm.ids import Ids
from ringfence.twin.blob.keys import NAMES, Keys
from ringfence.twin.entra import issuers
from ringfence.twin.entra.federation import trial_token, trusts
from ringfence.twin.entra.sign_in import sign_in_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from ringfence.model.principal import Principal
    from ringfence.twin.supervisor import Twin

_TRIAL = timedelta(minutes=5)
_HELD = ("system-assigned identity", "user-assigned identity")


class Owner:
    """The orders, each with what carries it out."""

    def __init__(self, twin: Twin) -> None:
        self._twin = twin

    def orders(self) -> dict[str, Callable[[dict[str, Any]], Awaitable[Any]]]:
        """By the word that asks for it."""
        return {
            "names": self._names,
            "sign": self._sign,
            "token": self._token,
            "assertion": self._assertion,
            "account-key": self._account_key,
            "changed": self._changed,
        }

    async def _names(self, _: dict[str, Any]) -> dict[str, Any]:
        """What this run has named."""
        twin, ground, estate = self._twin, self._twin.ground, self._twin.present.estate
        names, directory = twin.gate.names, ground.directory
        ids = Ids(twin.present, directory)
        return {
            "tenant": directory.tenant,
            "data_key_seconds": twin.services.data_key_seconds,
            "subscription": directory.subscription,
            "hosts": {d.key: [names.settled(h, d) for h in d.hosts] for d in data_planes(estate)},
            "workspaces": {w.key: directory.id_of(f"workspace/{w.key}") for w in estate.of(LogAnalyticsWorkspace)},
            "ids": {r.key: ids.of(r) for r in estate.resources.values()},
            "principals": {
                p.key: {"object": directory.object_id(p), "client": directory.app_id(p)} for p in everybody(estate)
            },
        }

    async def _sign(self, order: dict[str, Any]) -> dict[str, str]:
        """How an application signs in, or whoever runs Terraform."""
        return sign_in_of(self._twin.ground, order["who"])

    async def _token(self, order: dict[str, Any]) -> dict[str, Any]:
        """A token of a managed identity, for whoever stands in for the service that has it; or one that has expired."""
        who = self._principal(order["who"])
        if who.kind not in _HELD:
            raise UsageError(f"{who} is no managed identity", hint="It signs in by itself.")
        lifetime = -_TRIAL if order.get("expired") else None
        token = self._twin.ground.tokens.issue(who, order["audience"], lifetime)
        return {"token": token.text, "expires": token.expires.timestamp()}

    async def _assertion(self, order: dict[str, Any]) -> dict[str, str]:
        """What a pipeline's job shows to sign in as an application or identity that trusts its issuer."""
        ground, who = self._twin.ground, self._principal(order["who"])
        for trust in trusts(ground):
            if trust.owner == who and trust.subject is not None and trust.issuer is not None:
                try:
                    found = trial_token(ground, trust.subject)
                except LookupError:
                    continue
                if order.get("subject"):
                    claims = {"aud": trust.audiences[0], "sub": order["subject"]}
                    found = issuers.signed(ground, trust.issuer, claims, _TRIAL)
                return {
                    "tenant": ground.directory.tenant,
                    "client": ground.directory.app_id(who),
                    "assertion": found,
                    "subject": trust.subject,
                }
        raise UsageError(f"{who} trusts no issuer that the twin stands for", hint="See the federated credentials.")

    async def _account_key(self, order: dict[str, Any]) -> dict[str, str]:
        """A key of a storage account, as its owner may list it: to see that it opens nothing."""
        account = self._twin.present.estate.resources.get(order["account"])
        if not isinstance(account, StorageAccount):
            raise UsageError(f"{order['account']} is no storage account here", hint="It may have gone with a change.")
        return {"key": Keys(self._twin.ground.store).shared(account)[NAMES[0]]}

    async def _changed(self, _: dict[str, Any]) -> dict[str, Any]:
        """What the estate has become, so that it can be made so again."""
        return changes.as_row(self._twin.present.change)

    def _principal(self, key: str) -> Principal:
        for one in everybody(self._twin.present.estate):
            if one.key == key:
                return one
        raise UsageError(f"the estate has no principal {key}", hint="It may have gone with a change.")
