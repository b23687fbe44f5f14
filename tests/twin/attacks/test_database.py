"""The database's door: forged tokens in the place of a password, old TLS, and what no client would send."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

import pymysql
import pytest

from tests.twin.attacks.target import DATABASE, NODES, Target
from tests.twin.attacks.test_tokens import FORGERIES, Door, Forge

if TYPE_CHECKING:
    from pymysql.connections import Connection

USER, SCHEMA = "dgca-issuance-service", "issuance-service"
AUDIENCE = "https://ossrdbms-aad.database.windows.net"
DENIED = (1045, 1043, 1044, 1698, 2013, 3159)
"""Access denied in its forms, and a connection that is cut."""
BY_HEADER = ("twice", "with a space inside")
"""Forgeries of a header, which a password is not."""


@pytest.fixture(scope="module")
def forge(target: Target) -> Forge:
    who = "ie-workloads#azurerm_user_assigned_identity.dgca_issuance_service"
    return Forge(target, Door(DATABASE, "", "", NODES, AUDIENCE, who))


def connected(
    target: Target, password: str, user: str = USER, schema: str | None = SCHEMA, tls: ssl.SSLContext | None = None
) -> Connection:
    """PyMySQL, through the proxy of the nodes' subnet."""
    line = target.line(NODES)
    assert line.connect(f"{DATABASE}:3306").status == 200
    context = tls or ssl.create_default_context(cafile=str(target.folder.bundle))
    made = pymysql.connect(
        host=DATABASE, user=user, password=password, database=schema, ssl=context, defer_connect=True, read_timeout=10
    )
    made.connect(sock=line.socket)
    return made


def is_denied(target: Target, password: str, **more: str | None) -> bool:
    """Refused as somebody who may not come in, and not told what he has shown."""
    with pytest.raises(pymysql.MySQLError) as error:
        connected(target, password, **more).close()  # type: ignore[arg-type]  # texts only
    return error.value.args[0] in DENIED and (password not in str(error.value) or len(password) < 12)


def test_the_good_one_is_taken(target: Target, forge: Forge) -> None:
    for token in (forge.good, forge.claim()):
        with connected(target, token) as connection, connection.cursor() as cursor:
            cursor.execute("SELECT DATABASE()")
            assert cursor.fetchone() == (SCHEMA,)


@pytest.mark.parametrize("forgery", [name for name in FORGERIES if name not in BY_HEADER])
def test_a_token(target: Target, forge: Forge, forgery: str) -> None:
    assert is_denied(target, FORGERIES[forgery](forge))


@pytest.mark.parametrize(
    "user",
    [
        "root", "", "mysql.sys", "mariadb.sys", "mysql", "azure_superuser", "dgca-verifier-service", "' OR '1'='1",
        "dgca-issuance-service\0", "DGCA-ISSUANCE-SERVICE ", "dgca-issuance-service'@'%", "%", "a" * 300,
    ],
)  # fmt: skip
def test_a_user_is_whose_token_it_is(target: Target, forge: Forge, user: str) -> None:
    assert is_denied(target, forge.good, user=user)


@pytest.mark.parametrize(
    "schema", ["mysql", "businessrule-service", "../issuance-service", "performance_schema", "sys"]
)
def test_a_user_has_his_own_schema(target: Target, forge: Forge, schema: str) -> None:
    assert is_denied(target, forge.good, schema=schema)


@pytest.mark.parametrize("password", ["", "password", "correct horse battery staple", "a" * 60_000])
def test_a_password_is_none(target: Target, password: str) -> None:
    assert is_denied(target, password)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_old_tls_is_refused(target: Target, forge: Forge) -> None:
    context = ssl.create_default_context(cafile=str(target.folder.bundle))
    context.set_ciphers("ALL:@SECLEVEL=0")
    context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((pymysql.MySQLError, ssl.SSLError)):
        connected(target, forge.good, tls=context)


@pytest.mark.parametrize(
    "data",
    [
        b"GET / HTTP/1.1\r\n\r\n", b"\0" * 100, b"\xff\xff\xff\x01" + b"a" * 1000, b"\x01\0\0\x01\x01",
        b"\x20\0\0\x01" + b"\xff" * 32, b"\x16\x03\x01\x00\x05hello",
    ],
    ids=["HTTP", "nulls", "a huge packet", "a farewell", "any flags", "TLS at once"],
)  # fmt: skip
def test_what_no_client_sends(target: Target, data: bytes) -> None:
    line = target.line(NODES)
    assert line.connect(f"{DATABASE}:3306").status == 200
    assert line.socket.recv(4096)
    line.send(data)
    line.socket.shutdown(1)
    line.socket.settimeout(3)
    assert b"Welcome" not in line.rest()


def test_nothing_broke(target: Target, forge: Forge) -> None:
    connected(target, forge.good).close()
    assert "Traceback" not in target.folder.output.read_text()
