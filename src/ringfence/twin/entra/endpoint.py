"""The token endpoint: each grant, and what comes of it.

Source: learn.microsoft.com/entra/identity-platform/v2-oauth2-client-creds-grant-flow, …/v2-oauth2-device-code
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.entra import device, people, proof
from ringfence.twin.entra.assigned import unassigned
from ringfence.twin.entra.audience import audience, of_scope
from ringfence.twin.entra.errors import RefusedError
from ringfence.twin.entra.form import needed
from ringfence.twin.entra.people import PROGRAMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.principal import Principal
    from ringfence.twin.entra.audience import Audience
    from ringfence.twin.entra.form import Form
    from ringfence.twin.entra.log import Attempt
    from ringfence.twin.entra.proof import Proved
    from ringfence.twin.entra.tenant import Tenant
    from ringfence.twin.ground import Ground
    from ringfence.twin.message import Request

_ACR = {"secret": "1", "certificate": "2", "federated": "2"}
"""How an application has proved itself, as its token says (``appidacr``)."""
_INSTEAD = {
    "password": "people sign in by device code, and give no password to a program",
    "authorization_code": "people sign in by device code",
    "urn:ietf:params:oauth:grant-type:jwt-bearer": "no application of the platform acts on behalf of people",
}


class Exchange:
    """One request to the endpoint."""

    def __init__(self, ground: Ground, request: Request, where: Tenant, attempt: Attempt) -> None:
        self._ground = ground
        self._request = request
        self._where = where
        self._attempt = attempt

    def granted(self, form: Form) -> dict[str, Any]:
        """The tokens that the form asks for.

        Raises:
            RefusedError: they are not given.
        """
        grant = needed(form, "grant_type")
        self._attempt.client = needed(form, "client_id")[:64]
        grants: dict[str, Callable[[Form], dict[str, Any]]] = {
            "client_credentials": self._to_application,
            device.GRANT: self._to_person,
            "device_code": self._to_person,
            "refresh_token": self._once_more,
        }
        if grant not in grants:
            raise RefusedError(70003, grant, _INSTEAD.get(grant, "it is not known"))
        return grants[grant](form)

    def _to_application(self, form: Form) -> dict[str, Any]:
        wanted = form["resource"] if form.get("resource") else of_scope(needed(form, "scope"))
        found = self._proved(form, wanted)
        for_ = self._audience(found.principal, wanted)
        token = self._ground.tokens.issue(found.principal, for_.name, claims={"appidacr": _ACR[found.how]})
        seconds = int((token.expires - self._ground.now()).total_seconds())
        told = {"token_type": "Bearer", "expires_in": seconds, "ext_expires_in": seconds}
        if form.get("resource"):
            told |= {"expires_on": int(token.expires.timestamp()), "resource": wanted}
        return {**told, "access_token": token.text}

    def _proved(self, form: Form, wanted: str) -> Proved:
        """The application or identity that asks, in the one tenant that it is in."""
        attempt, directory = self._attempt, self._ground.directory
        attempt.resource = wanted[:200]
        if not self._where.id:
            raise RefusedError(50059, self._where.word)
        if not self._where.own:
            raise RefusedError(700016, attempt.client, self._where.id)
        attempt.principal = directory.by_app(form["client_id"])
        attempt.how = "secret" if "client_secret" in form else "certificate"
        found = proof.proved(self._ground, self._request, form, wanted)
        attempt.how, attempt.credential = found.how, found.credential
        return found

    def _audience(self, who: Principal, wanted: str) -> Audience:
        """What is asked for, if the application may use it."""
        directory = self._ground.directory
        found = audience(directory, directory.estate, wanted)
        self._attempt.resource = found.title
        why = unassigned(directory, who, found.owner) if found.owner is not None else ""
        if why:
            raise RefusedError(501051, who, found.title, why)
        return found

    def _to_person(self, form: Form) -> dict[str, Any]:
        self._attempt.how = "deviceCode"
        self._check_program(form)
        code = form.get("device_code") or needed(form, "code")
        flow = device.redeemed(self._ground, form["client_id"], code)
        return self._in_session(flow["who"], flow["scope"], form)

    def _in_session(self, who: str, scope: str, form: Form) -> dict[str, Any]:
        self._attempt.principal = self._ground.directory.by_object(who)
        self._attempt.resource = scope[:200]
        one = people.session(self._ground, who, form["client_id"], self._where)
        return people.granted(self._ground, one, scope, form)

    def _once_more(self, form: Form) -> dict[str, Any]:
        self._attempt.how = "refreshToken"
        self._check_program(form)
        one = people.refreshed(self._ground, form["client_id"], needed(form, "refresh_token"), self._where)
        self._attempt.principal = one.who
        self._attempt.resource = form.get("scope", "")[:200]
        return people.granted(self._ground, one, needed(form, "scope"), form)

    def _check_program(self, form: Form) -> None:
        if form["client_id"] not in PROGRAMS:
            people.check_client(self._ground, form["client_id"])
