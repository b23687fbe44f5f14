"""Something that is allowed and something that is denied, on each kind of resource, and how both are found in a log."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.model.keyvault import KeyVault
from ringfence.questions.access.who import who as holders_of
from ringfence.record import record
from ringfence.twin.probes.canary import fresh, mark
from ringfence.twin.probes.trials.needs import needs, stewards
from ringfence.twin.probes.trials.reading import READ_BLOB, secret_reader, sql_user
from ringfence.twin.probes.trials.room import Room
from ringfence.twin.probes.who import Who

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.model.mysql import MySqlFlexibleServer
    from ringfence.model.resource import Resource
    from ringfence.model.storage import StorageAccount
    from ringfence.model.subscription import Subscription
    from ringfence.twin.probes.subject import Subject
    from ringfence.twin.probes.trial import Trying

    Record = dict[str, Any]

ARM_VERSION = "2023-07-01"


@record(eq=False)
class Traces:
    """What was done, as a query that finds it, and as what its records have to be."""

    query: str
    records: dict[str, Callable[[Record], bool]]


def stranger(subject: Subject, at: str, *stores: Resource) -> Who | None:
    """An identity that needs nothing of any vault, nor of these stores: whatever it asks for there is denied."""
    kept = stewards(subject) | {use.name for use in subject.register.uses if "/keys/" not in use.what}
    kept |= {
        holder.principal.name for one in stores for holder in holders_of(subject.estate, READ_BLOB, one, data=True)
    }
    for principal in subject.principals:
        who = subject.acting(principal, at) if principal.kind.endswith("identity") else None
        if who is not None and who.acts == "identity" and principal.name not in kept and not needs(subject, principal):
            return who
    return next((who for p in subject.principals if p.kind == "user-assigned identity" and p.name not in kept
                 and (who := subject.acting(p, at)) is not None), None)  # fmt: skip


async def of_vault(trying: Trying, vault: KeyVault) -> Traces:
    """A secret is read, and asked for by one who may not have it."""
    tried = secret_reader(trying.subject, vault)
    trying.expect("somebody who may read a secret", tried is not None, "the estate declares nobody")
    assert tried is not None
    job, words, who = tried
    yes, no = mark(), mark()
    await trying.accepted(who, job, mark=yes, **words)
    other = stranger(trying.subject, who.at)
    assert other is not None
    await trying.refused(other, job, "access", mark=no, **words)
    column = "CorrelationId"
    return Traces(
        f"AzureDiagnostics | where {column} in ('{yes}', '{no}')",
        {
            "the secret that was read": lambda row: row[column] == yes and row.get("ResultType") == "Success",
            "the one that was denied": lambda row: row[column] == no and row.get("ResultType") != "Success",
        },
    )


async def of_account(trying: Trying, account: StorageAccount) -> Traces:
    """A blob is written, read and deleted, and asked for by one who may not have it."""
    marks = {name: mark() for name in ("written", "read", "deleted", "denied")}
    async with Room(trying, account) as room:
        words = {**room.words, "name": fresh()}
        await trying.accepted(room.who, "put_blob", content="x", mark=marks["written"], **words)
        await trying.accepted(room.who, "get_blob", mark=marks["read"], **words)
        other = stranger(trying.subject, room.who.at, account, *trying.subject.containers(account))
        assert other is not None
        await trying.refused(other, "get_blob", "access", mark=marks["denied"], **words)
        await trying.accepted(room.who, "delete_blob", mark=marks["deleted"], **words)
    listed = ", ".join(f"'{one}'" for one in marks.values())
    query = f"StorageBlobLogs | where ClientRequestId in ({listed})"
    return Traces(query, {f"the blob that was {name}": _blob(one, name == "denied") for name, one in marks.items()})


def _blob(wanted: str, denied: bool) -> Callable[[Record], bool]:
    return lambda row: row["ClientRequestId"] == wanted and (int(row["StatusCode"]) >= 400) == denied


async def of_server(trying: Trying, server: MySqlFlexibleServer) -> Traces:
    """Somebody signs in and makes a table, and somebody who is no user tries to."""
    subject = trying.subject
    door = subject.door(server, "mysqlServer")
    tried = sql_user(subject, door) if door is not None else None
    trying.expect("a user of the server", tried is not None, "the register names nobody")
    assert tried is not None
    job, words, who = tried
    table, nobody = fresh(), fresh()
    more: dict[str, Any] = {}
    more["statements"] = [f"CREATE TABLE {table} (id INT PRIMARY KEY)", f"DROP TABLE {table}", "SELECT 1"]
    await trying.accepted(who, job, **{**words, **more})
    await trying.refused(who, job, "access", **{**words, "user": nobody})
    query = "AzureDiagnostics | where Category == 'MySqlAuditLogs'"  # a column is there once a record has it
    return Traces(
        query,
        {
            "the table that was made": lambda row: table in str(row.get("sql_text_s")),
            "the sign-in that was denied": lambda row: (
                row.get("user_s") == nobody and int(row.get("status_d") or 0) != 0
            ),
        },
    )


async def of_subscription(trying: Trying, _: Subscription) -> Traces:
    """A setting is written as it is, and one who may not tries the same."""
    subject = trying.subject
    vault = next(iter(subject.estate.of(KeyVault)), None)
    trying.expect("a vault whose settings can be written", vault is not None, "the estate declares none")
    assert vault is not None
    yes, no = mark(), mark()
    words: dict[str, Any] = {
        "method": "PATCH",
        "id": subject.arm_id(vault),
        "version": ARM_VERSION,
        "content": {"properties": {}},
    }
    await trying.accepted(Who("internet", "", "application", "deployer"), "manage", mark=yes, **words)
    other = stranger(subject, "internet")
    assert other is not None
    await trying.refused(other, "manage", "access", mark=no, **words)
    column, status = "CorrelationId", "ActivityStatusValue"
    return Traces(
        f"AzureActivity | where {column} in ('{yes}', '{no}')",
        {
            "the change that was made": lambda row: row[column] == yes and row[status] == "Success",
            "the one that was denied": lambda row: row[column] == no and row[status] == "Failure",
        },
    )
