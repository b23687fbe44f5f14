"""Who may be asked for certificates, and who is told of them; for a vault as a whole.

The credentials of an issuer are kept and never shown.

Source: learn.microsoft.com/azure/key-vault/certificates/about-certificates (certificate issuer, certificate contacts)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.vault import attributes, paging
from ringfence.twin.vault.call import done
from ringfence.twin.vault.errors import VaultError, bad
from ringfence.twin.vault.items import Items

if TYPE_CHECKING:
    from ringfence.twin.message import Response
    from ringfence.twin.store import Row
    from ringfence.twin.vault.call import Call

_PREFIX = "issuer/"
_CONTACTS = "contacts"
_OWN = ("self", "unknown")
"""Names of issuers that every vault has."""
_MOST = 100
_CONTACT = ("email", "name", "phone")
_ADMINISTRATOR = ("first_name", "last_name", "email", "phone")


class Issuers(Items):
    """Answers what is asked of issuers and contacts."""

    def issuers_list(self, call: Call) -> Response:
        """The issuers."""
        found = call.ground.store.rows(call.vault.bucket, _PREFIX)
        rows = [row for key, row in found if key.removeprefix(_PREFIX) > paging.after(call.query)]
        url = f"{call.list_url}/issuers"
        name = lambda row: str(row["name"]).casefold()  # noqa: E731  # it is one expression
        return done(paging.page(rows, name, lambda row: _item(call, row), call.query, url))

    def issuer_get(self, call: Call) -> Response:
        """One issuer."""
        return done(_shown(call, _issuer(call)))

    def issuer_set(self, call: Call) -> Response:
        """The issuer is as the request says."""
        row = {
            "name": call.name,
            "provider": attributes.text(call.content, "provider", 128),
            "credentials": _credentials(call),
            "org_details": _organisation(call),
            "attributes": attributes.new(call.content, call.now),
        }
        _put(call, row)
        return done(_shown(call, row))

    def issuer_update(self, call: Call) -> Response:
        """What the request names is changed."""
        row = _issuer(call)
        if call.content.get("provider") is not None:
            row["provider"] = attributes.text(call.content, "provider", 128)
        row["credentials"] |= _credentials(call)
        row["org_details"] |= _organisation(call)
        row["attributes"] = attributes.changed(row["attributes"], call.content, call.now)
        _put(call, row)
        return done(_shown(call, row))

    def issuer_delete(self, call: Call) -> Response:
        """The issuer is not known any more."""
        row = _issuer(call)
        call.ground.store.delete(call.vault.bucket, _PREFIX + call.name.casefold())
        return done(_shown(call, row))

    def contacts_get(self, call: Call) -> Response:
        """Who is told."""
        return done(_contacts(call))

    def contacts_set(self, call: Call) -> Response:
        """These are told from now on."""
        given = call.content.get("contacts")
        if not isinstance(given, list) or len(given) > _MOST or not all(isinstance(one, dict) for one in given):
            raise bad("contacts is a list of people.")
        found = [_person(one, _CONTACT) for one in given]
        call.ground.store.put(call.vault.bucket, _CONTACTS, {"contacts": found})
        return done(_contacts(call))

    def contacts_delete(self, call: Call) -> Response:
        """Nobody is told any more."""
        found = _contacts(call)
        call.ground.store.delete(call.vault.bucket, _CONTACTS)
        return done(found)


def need(call: Call, policy: Row) -> None:
    """The vault knows the issuer that a policy names.

    Raises:
        VaultError: it does not.
    """
    name = policy["issuer"]["name"]
    if name.casefold() not in _OWN and call.ground.store.get(call.vault.bucket, _PREFIX + name.casefold()) is None:
        raise VaultError(
            404, "CertificateIssuerNotFound", "The issuer that the policy names was not found in this key vault."
        )


def _issuer(call: Call) -> Row:
    found = call.ground.store.get(call.vault.bucket, _PREFIX + call.name.casefold())
    if found is None:
        message = f"An issuer with the name {call.name} was not found in this key vault."
        raise VaultError(404, "CertificateIssuerNotFound", message)
    return found


def _put(call: Call, row: Row) -> None:
    call.ground.store.put(call.vault.bucket, _PREFIX + call.name.casefold(), row)


def _credentials(call: Call) -> dict[str, str]:
    given = attributes.mapping(call.content, "credentials")
    return {name: attributes.text(given, name, 1024) for name in ("account_id", "pwd") if given.get(name) is not None}


def _organisation(call: Call) -> dict[str, Any]:
    given = attributes.mapping(call.content, "org_details")
    people = given.get("admin_details") or []
    if not isinstance(people, list) or len(people) > _MOST or not all(isinstance(one, dict) for one in people):
        raise bad("admin_details is a list of people.")
    found = {"id": attributes.text(given, "id", 256)} if given.get("id") is not None else {}
    return {**found, **({"admin_details": [_person(one, _ADMINISTRATOR) for one in people]} if people else {})}


def _person(given: dict[str, Any], names: tuple[str, ...]) -> dict[str, str]:
    return {name: attributes.text(given, name, 256) for name in names if given.get(name) is not None}


def _item(call: Call, row: Row) -> dict[str, Any]:
    return {"id": f"{call.list_url}/issuers/{row['name']}", "provider": row["provider"]}


def _shown(call: Call, row: Row) -> dict[str, Any]:
    credentials = {name: value for name, value in row["credentials"].items() if name != "pwd"}
    more = {"credentials": credentials, "org_details": row["org_details"], "attributes": row["attributes"]}
    return {**_item(call, row), **more}


def _contacts(call: Call) -> dict[str, Any]:
    found = call.ground.store.get(call.vault.bucket, _CONTACTS)
    if found is None:
        raise VaultError(404, "ContactsNotFound", "Certificate contacts were not found in this key vault.")
    return {"id": f"{call.list_url}/contacts", **found}
