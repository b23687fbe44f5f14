"""The clients of one hand: credentials and service clients, each made when it is first needed and kept."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING, Any, TypeVar

import requests
from azure.core.pipeline.transport import RequestsTransport
from azure.identity import (
    ClientAssertionCredential,
    ClientSecretCredential,
    DeviceCodeCredential,
    ManagedIdentityCredential,
    WorkloadIdentityCredential,
)

from ringfence.twin.probes.hand.held import HeldToken
from ringfence.twin.probes.hand.person import signs_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from azure.core.credentials import TokenCredential

T = TypeVar("T")


class Clients:
    """All that one hand works with."""

    def __init__(self) -> None:
        self._kept: dict[str, Any] = {}
        self.session = requests.Session()
        self._guard = threading.Lock()
        self._guards: dict[str, threading.Lock] = {}

    def once(self, name: str, make: Callable[[], T]) -> T:
        """What was made under the name before, or is made now; jobs that want the same wait for one another."""
        with self._guard:
            guard = self._guards.setdefault(name, threading.Lock())
        with guard:
            if name not in self._kept:
                self._kept[name] = make()
            found: T = self._kept[name]
            return found

    @property
    def transport(self) -> Any:
        """What carries the requests of a client: all of a hand share their connections, as clients of one program may.

        Source: learn.microsoft.com/azure/developer/python/sdk/azure-sdk-library-usage-patterns (transport)
        """
        return RequestsTransport(session=self.session, session_owner=False)

    def credential(self, who: dict[str, str]) -> TokenCredential:
        """How the one who is meant signs in: ``{}`` for whoever the stand itself is."""
        name = " ".join(("credential", *(f"{k}={who[k]}" for k in sorted(who))))
        return self.once(name, lambda: new_credential(who))


def new_credential(who: dict[str, str]) -> TokenCredential:
    """The same, signing in anew."""
    return _MADE[who.get("as", "self")](who)


def _self(_: dict[str, str]) -> TokenCredential:
    """The workload that runs here, by what its environment gives it."""
    if "AZURE_FEDERATED_TOKEN_FILE" in os.environ:
        return WorkloadIdentityCredential()
    return ManagedIdentityCredential(client_id=os.environ.get("AZURE_CLIENT_ID"))


def _application(who: dict[str, str]) -> TokenCredential:
    return ClientSecretCredential(who["tenant"], who["client"], who["secret"])


def _pipeline(who: dict[str, str]) -> TokenCredential:
    """One that another issuer vouches for, such as a job of a pipeline."""
    return ClientAssertionCredential(who["tenant"], who["client"], lambda: who["assertion"])


def _person(who: dict[str, str]) -> TokenCredential:
    return DeviceCodeCredential(
        tenant_id=who["tenant"], prompt_callback=lambda page, code, _: signs_in(page, code, who["name"]), timeout=20
    )


def _borrowed(who: dict[str, str]) -> TokenCredential:
    """What proves who runs here, shown in another one's name."""
    if "AZURE_FEDERATED_TOKEN_FILE" in os.environ:
        return WorkloadIdentityCredential(client_id=who["client"])
    return ManagedIdentityCredential(client_id=who["client"])


def _held(who: dict[str, str]) -> TokenCredential:
    return HeldToken(who["socket"], who["name"])


_MADE: dict[str, Callable[[dict[str, str]], TokenCredential]] = {
    "self": _self,
    "application": _application,
    "pipeline": _pipeline,
    "person": _person,
    "borrowed": _borrowed,
    "identity": _held,
}
