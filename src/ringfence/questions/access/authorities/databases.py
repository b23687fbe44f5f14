"""Administrators of database servers: principals of the directory, and whoever has the administrator's password.

Users and roles inside a database are made in SQL and are not seen; `inside` says so where it is asked for all.

Sources: learn.microsoft.com/azure/azure-sql/database/authentication-aad-overview,
learn.microsoft.com/azure/azure-sql/database/authentication-azure-ad-only-authentication,
learn.microsoft.com/azure/mysql/flexible-server/security-entra-authentication (parameter aad_auth_only),
learn.microsoft.com/azure/postgresql/flexible-server/security-entra-concepts
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.judge import equals, is_set
from ringfence.model.mysql import MySqlFlexibleServer, MySqlServer
from ringfence.model.postgresql import PostgresFlexibleServer, PostgresServer
from ringfence.model.principal import principals
from ringfence.model.sql import SqlServer
from ringfence.model.value import Known, Many, Need, Unknown
from ringfence.model.verdict import Verdict, negated, some
from ringfence.questions.access.authorities.given import given, not_disabled, off, password_holder, role
from ringfence.questions.access.operation import DATABASE_READ
from ringfence.questions.answer import of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.estate import Estate
    from ringfence.questions.access.grant import Grant

Server = SqlServer | MySqlServer | MySqlFlexibleServer | PostgresServer | PostgresFlexibleServer

SERVERS: tuple[type[Server], ...] = (
    SqlServer,
    MySqlServer,
    MySqlFlexibleServer,
    PostgresServer,
    PostgresFlexibleServer,
)
ALL = "databases/*"


def grants(estate: Estate) -> Many[Grant]:
    """The administrators of all servers."""
    found: list[Grant] = []
    open_: Unknown | None = None
    every = estate.all_of(SqlServer)
    for kind in SERVERS:
        servers = estate.all_of(kind)
        open_ = open_ or servers.open
        for server in servers:
            open_ = open_ or server.administrators.open
            found += [*_directory(estate, server), _password(server)]
    return Many("grants", tuple(found), every.origin, open_)


def inside(estate: Estate) -> Unknown | None:
    """Why more principals of the directory may have rights in the databases; None where there is no server."""
    server = next((s for kind in SERVERS for s in estate.of(kind)), None)
    if server is None:
        return None
    why = "users and roles that are made inside the databases, in SQL, are not declared here"
    return Unknown("users", (Need("reference", "users inside the databases", why),), server.origin)


def users(estate: Estate) -> Iterator[Grant]:
    """What a user inside a database of each server may do, whoever he is."""
    unseen = inside(estate)
    for kind in SERVERS if unseen is not None else ():
        for server in estate.of(kind):
            assert unseen is not None
            what = role("a user inside a database", DATABASE_READ.name)
            yield given(server, "database user", unseen, what, part="users", origin=server.origin)


def _directory(estate: Estate, server: Server) -> Iterator[Grant]:
    conditions = (
        (not_disabled(server, server.active_directory_auth),) if isinstance(server, PostgresFlexibleServer) else ()
    )
    for i, administrator in enumerate(server.administrators):
        yield given(
            server,
            "directory administrator",
            principals(estate, server, administrator.sid),
            role("a directory administrator", ALL),
            *conditions,
            part=f"directory administrator {i}",
            origin=administrator.sid.origin,
        )


def _password(server: Server) -> Grant:
    return given(
        server,
        "password",
        (password_holder(server),),
        role("the administrator's password", ALL),
        *_accepts_passwords(server),
        origin=server.administrator_login.origin,
    )


def _accepts_passwords(server: Server) -> tuple[Verdict, ...]:
    """Whether a login with a password works on the server."""
    if isinstance(server, SqlServer):
        login = of(server, is_set(server.administrator_login))
        return (login, off(server, server.azure_ad_only_authentication))
    if isinstance(server, PostgresFlexibleServer):
        return (not_disabled(server, server.password_auth),)
    if isinstance(server, MySqlFlexibleServer):
        only = server.configurations.where(lambda c: isinstance(c.name, Known) and c.name.value == "aad_auth_only")
        return (of(server, negated(some(only, (equals(c.value, "ON") for c in only)))),)
    return ()
