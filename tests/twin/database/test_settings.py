"""What a server is told by its parameters; what is not known is the closed side. And a single server, as it is."""

from __future__ import annotations

from ssl import TLSVersion
from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.mysql import MySqlFlexibleServer, MySqlServer
from ringfence.model.symbol import Input
from ringfence.twin.database.error import INSECURE, SIGN_IN_DENIED
from ringfence.twin.database.passwords import VaultPasswords
from ringfence.twin.database.settings import Settings, settings
from tests.support import declare, estate

from .. import grounds
from . import support
from .support import Keeper, Stand, place, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

GROUP: dict[str, Any] = {"resource_group_name": "rg", "location": "uksouth"}
UNKNOWN = Input(".", "x")
ADMINISTRATOR = "5a1c3f0e-6f0b-4c56-9d0a-3f2f5f1f7a01"


def flexible(**parameters: Any) -> Settings:
    """The settings of a flexible server with these parameters."""
    server = declare("azurerm_mysql_flexible_server.s", name="s", **GROUP)
    set_ = [
        declare(f"azurerm_mysql_flexible_server_configuration.{n}", name=n, value=v, server_name="s", **GROUP)
        for n, v in parameters.items()
    ]
    [found] = estate(server, *set_).of(MySqlFlexibleServer)
    return settings(found)


def test_a_flexible_server_of_which_nothing_is_said() -> None:
    found = flexible()
    assert (found.must_be_secure, found.oldest, found.newest) == (True, TLSVersion.TLSv1_2, TLSVersion.TLSv1_2)
    assert found.passwords
    assert (found.audited, found.slow) == (frozenset(), None)


def test_a_flexible_server_as_its_parameters_say() -> None:
    found = flexible(
        require_secure_transport="OFF",
        tls_version="TLSv1.2,TLSv1.3",
        aad_auth_only="on",
        audit_log_enabled="ON",
        audit_log_events="CONNECTION, DDL",
        slow_query_log="ON",
        long_query_time="2.5",
    )
    assert (found.must_be_secure, found.oldest, found.newest) == (False, TLSVersion.TLSv1_2, TLSVersion.TLSv1_3)
    assert (found.passwords, found.slow) == (False, 2.5)
    assert found.audited == {"CONNECTION", "DDL"}


def test_what_is_not_known_is_the_closed_side() -> None:
    found = flexible(
        require_secure_transport=UNKNOWN,
        tls_version=UNKNOWN,
        aad_auth_only=UNKNOWN,
        audit_log_enabled=UNKNOWN,
        slow_query_log="ON",
        long_query_time=UNKNOWN,
    )
    assert (found.must_be_secure, found.oldest, found.passwords) == (True, TLSVersion.TLSv1_2, False)
    assert (found.audited, found.slow) == ({"CONNECTION"}, 10)


@pytest.mark.parametrize(
    ("written", "secure", "oldest"),
    [
        ({"ssl_enforcement_enabled": True}, True, TLSVersion.TLSv1_2),
        ({"ssl_enforcement_enabled": UNKNOWN, "ssl_minimal_tls_version_enforced": UNKNOWN}, True, TLSVersion.TLSv1_2),
        ({"ssl_enforcement_enabled": True, "ssl_minimal_tls_version_enforced": "TLS1_0"}, True, TLSVersion.TLSv1),
        (
            {"ssl_enforcement_enabled": False, "ssl_minimal_tls_version_enforced": "TLSEnforcementDisabled"},
            False,
            TLSVersion.TLSv1,
        ),
    ],
)
def test_a_single_server(written: dict[str, Any], secure: bool, oldest: TLSVersion) -> None:
    [server] = estate(declare("azurerm_mysql_server.s", version="3.117.1", name="s", **GROUP, **written)).of(
        MySqlServer
    )
    found = settings(server)
    assert (found.must_be_secure, found.oldest, found.newest) == (secure, oldest, TLSVersion.TLSv1_2)
    assert found.passwords


# -- one that stands


def single(change: Any) -> Any:
    """A single server without a key of one's own, that speaks in the clear too, and a principal who administers it."""
    del change
    return estate(
        declare(
            "azurerm_mysql_server.s",
            version="3.117.1",
            name="s",
            administrator_login="root",
            administrator_login_password="correct horse",
            ssl_enforcement_enabled=False,
            **GROUP,
        ),
        declare(
            "azurerm_mysql_active_directory_administrator.a",
            version="3.117.1",
            server_name="s",
            resource_group_name="rg",
            login="people@example.org",
            object_id=ADMINISTRATOR,
            tenant_id=ADMINISTRATOR,
        ),
        declare("azurerm_mysql_database.d", version="3.117.1", name="d", server_name="s", resource_group_name="rg"),
    )


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    with place() as folder:
        made = support.replace(grounds.ground(grounds.Text(single), folder), authority=support.authority_of_servers())
        stand = Stand(made, Keeper(), embedded=True, passwords=VaultPasswords(made))
        stand.server = ".#azurerm_mysql_server.s"
        yield stand
        stand.close()


def test_its_users_say_the_server_s_name_too(stand: Stand) -> None:
    with stand.connect("people@example.org@s", stand.token(ADMINISTRATOR), "d") as connection:
        connection.query("CREATE TABLE t (a INT)")
    with stand.connect("root@s", "correct horse", "d") as connection:
        connection.query("DROP TABLE t")


def test_no_secret_is_asked_for_in_the_clear_even_where_the_server_speaks_so(stand: Stand) -> None:
    with refused(INSECURE, "TLS"):
        stand.connect("root@s", "correct horse", "d", ssl=None, ssl_disabled=True)


def test_a_wrong_password_is_refused(stand: Stand) -> None:
    with refused(SIGN_IN_DENIED, "using password"):
        stand.connect("root@s", "wrong horse", "d")


def test_where_microsoft_manages_the_key_no_vault_is_asked(stand: Stand) -> None:
    assert stand.keeper.asked == []
    kept = stand.ground.store.get("database/key", stand.server)
    assert kept is not None
    assert kept["by"] == ""
