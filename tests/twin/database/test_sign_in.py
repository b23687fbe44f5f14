"""Who gets in, and how: real clients, real tokens, real TLS."""

from __future__ import annotations

import shutil
import ssl
import subprocess
import tempfile
import time
import warnings
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pymysql
import pytest

from ringfence.twin.database.error import DATABASE_DENIED, INSECURE, SIGN_IN_DENIED

from .support import ADMINISTRATOR, AUDIENCE, DATABASE, ISSUANCE, OTHER, READER, refused

if TYPE_CHECKING:
    from .support import Stand


def test_a_token_gets_in(stand: Stand) -> None:
    with stand.connect() as connection, connection.cursor() as cursor:
        cursor.execute("SELECT DATABASE(), 1 + 1")
        assert cursor.fetchone() == (DATABASE, 2)


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_the_declared_versions_of_tls_get_in(stand: Stand, version: ssl.TLSVersion) -> None:
    context = stand.trust()
    context.minimum_version = context.maximum_version = version
    with stand.connect(ssl=context) as connection:
        assert connection.open


def test_an_older_tls_is_refused(stand: Stand) -> None:
    context = stand.trust()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    with pytest.raises((ssl.SSLError, pymysql.MySQLError), match=r"(?i)protocol version"):
        stand.connect(ssl=context)


def test_a_connection_in_the_clear_is_refused_before_it_shows_anything(stand: Stand) -> None:
    with refused(INSECURE, "require"):
        stand.connect(ssl=None, ssl_disabled=True)


def test_the_certificate_is_of_the_server_s_own_name(stand: Stand) -> None:
    with pytest.raises(pymysql.MySQLError, match=r"(?i)certificate verify failed"):
        stand.connect(ssl=ssl.create_default_context())
    context = stand.trust("mysql-eudcc-eu-prod.mysql.database.azure.com")
    with pytest.raises((ssl.SSLError, pymysql.MySQLError), match=r"(?i)unrecognized.name"):
        stand.connect(ssl=context)


def test_a_password_is_refused_for_an_application(stand: Stand) -> None:
    with refused(SIGN_IN_DENIED, "no access token"):
        stand.connect(secret="correct horse")


def test_an_empty_password_is_refused(stand: Stand) -> None:
    with refused(SIGN_IN_DENIED):
        stand.connect(secret="")


def test_an_expired_token_is_refused(stand: Stand) -> None:
    with refused(SIGN_IN_DENIED, "it has expired"):
        stand.connect(secret=stand.token(ISSUANCE, lifetime=timedelta(seconds=-1)))


def test_a_token_for_another_service_is_refused(stand: Stand) -> None:
    with refused(SIGN_IN_DENIED, "another audience"):
        stand.connect(secret=stand.token(ISSUANCE, "https://vault.azure.net"))


def test_a_token_of_somebody_else_is_refused(stand: Stand) -> None:
    with refused(SIGN_IN_DENIED, "the token is that of", OTHER):
        stand.connect(secret=stand.token("dgca-businessrule-service"))


def test_a_principal_whom_nobody_made_a_user_is_refused(stand: Stand) -> None:
    with refused(SIGN_IN_DENIED, "no such user"):
        stand.connect("portal-sign-in", database=None)


def test_a_user_does_not_get_in_to_another_database(stand: Stand) -> None:
    with refused(DATABASE_DENIED, OTHER):
        stand.connect(database=OTHER)


def test_the_declared_administrator_gets_in_everywhere(stand: Stand) -> None:
    for database in (DATABASE, OTHER):
        with stand.connect(ADMINISTRATOR, database=database) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE IF NOT EXISTS made_by_administrator (a INT)")
            cursor.execute("DROP TABLE made_by_administrator")


def test_the_administrator_s_name_takes_nobody_else_s_token(stand: Stand) -> None:
    with refused(SIGN_IN_DENIED, "the token is that of"):
        stand.connect(ADMINISTRATOR, secret=stand.token(READER, AUDIENCE))


def test_the_password_is_refused_while_the_server_takes_tokens_only(stand: Stand) -> None:
    with refused(SIGN_IN_DENIED, "aad_auth_only is ON"):
        stand.connect("breakglass", "correct horse", None)


@pytest.mark.skipif(shutil.which("mariadb") is None, reason="the command-line client is not installed")
def test_the_command_line_client_as_it_is(stand: Stand) -> None:
    with tempfile.NamedTemporaryFile(suffix=".pem") as bundle:
        Path(bundle.name).write_bytes(stand.ground.authority.pem)
        found = told(stand, stand.token(ISSUANCE), "--ssl", f"--ssl-ca={bundle.name}")
        assert found.stdout.split() == ["DATABASE()", DATABASE]
        assert f"ERROR {SIGN_IN_DENIED}" in told(stand, "password", "--ssl", f"--ssl-ca={bundle.name}").stderr
        assert f"ERROR {INSECURE}" in told(stand, stand.token(ISSUANCE), "--skip-ssl").stderr


def told(stand: Stand, secret: str, *options: str) -> subprocess.CompletedProcess[str]:
    """What the client says of a query."""
    command = ["mariadb", "--no-defaults", "--host=127.0.0.1", f"--port={stand.port}", f"--user={ISSUANCE}", *options]
    return subprocess.run(
        [*command, DATABASE, "--execute=SELECT DATABASE()"],
        env={"MYSQL_PWD": secret},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
        executable=shutil.which("mariadb"),
    )


def test_a_connection_outlives_its_token_and_no_new_one_begins_with_it(stand: Stand) -> None:
    token = stand.token(ISSUANCE, lifetime=timedelta(seconds=2))
    with stand.connect(secret=token) as connection:
        time.sleep(2.1)
        assert connection.query("SELECT 1") == 1
        with refused(SIGN_IN_DENIED, "it has expired"):
            stand.connect(secret=token)
