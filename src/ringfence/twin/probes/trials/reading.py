"""Somebody who may read something in a store, and how his client does: the control of many trials."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.mysql import MySqlDatabase
from ringfence.model.value import Known
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from ringfence.model.keyvault import KeyVault
    from ringfence.model.storage import StorageAccount
    from ringfence.questions.reach.door import Door
    from ringfence.twin.probes.subject import Subject

Tried = tuple[str, dict[str, Any], Who]
"""A job, its words, and who does it where it is to be accepted."""

GET_SECRET = "Microsoft.KeyVault/vaults/secrets/getSecret/action"
READ_BLOB = "Microsoft.Storage/storageAccounts/blobServices/containers/blobs/read"


def secret_reader(subject: Subject, vault: KeyVault) -> Tried | None:
    """Somebody who may read a secret of the vault: code of the platform rather than a person."""
    door = subject.door(vault, "vault")
    if door is None:
        return None
    inside = subject.inside(door)
    found: list[Tried] = []
    for secret in subject.secrets(vault):
        who = subject.one_who_may(GET_SECRET, secret, inside)
        if who is not None:
            found.append(("get_secret", {"host": subject.host(door), "name": str(_known(secret.name))}, who))
    return min(found, key=lambda one: not one[2].workload, default=None)


def blob_reader(subject: Subject, account: StorageAccount) -> Tried | None:
    """Somebody who may read the blobs of a container of the account, or, where none is declared, of the account."""
    door = subject.door(account, "blob")
    if door is None:
        return None
    host, inside = subject.host(door), subject.inside(door)
    for container in subject.containers(account):
        who = subject.one_who_may(READ_BLOB, container, inside)
        if who is not None:
            return "list_blobs", {"host": host, "container": str(_known(container.name))}, who
    who = subject.one_who_may(READ_BLOB, account, inside)
    return ("list_containers", {"host": host}, who) if who is not None else None


def sql_user(subject: Subject, door: Door) -> Tried | None:
    """A user whom the register names, in his own database."""
    for user in subject.register.users:
        database = subject.estate.resources.get(user.database)
        if not isinstance(database, MySqlDatabase):
            continue
        server = subject.estate.target(database, database.server)
        who = subject.named(user.name, subject.inside(door))
        if server is door.resource and who is not None:
            words = {"host": subject.host(door), "user": user.name, "database": str(_known(database.name))}
            return "query", {**words, "statements": ["SELECT 1"]}, who
    return None


def _known(attr: Any) -> Any:
    return attr.value if isinstance(attr, Known) else None
