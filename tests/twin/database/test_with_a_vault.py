"""The database with the vault of the same twin: the role, the key's own state, and the password behind the glass."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ringfence.model.keyvault import Key
from ringfence.model.world import Change
from ringfence.twin.database.error import KEY_NOT_FOUND, SIGN_IN_DENIED
from ringfence.twin.database.passwords import VaultPasswords
from ringfence.twin.vault.service import Vaults

from .. import grounds
from . import support
from .support import DATABASE, PLAIN, SERVER, Stand, ground, place, refused

if TYPE_CHECKING:
    from collections.abc import Iterator

ROLE = "ie#azurerm_role_assignment.mysql_key"
TOKENS_ONLY = "ie#azurerm_mysql_flexible_server_configuration.aad_auth_only"


@pytest.fixture(scope="module")
def stand() -> Iterator[Stand]:
    with place() as folder:
        made = ground(folder)
        vaults = Vaults(made)
        stand = Stand(made, vaults, embedded=True, lifetime=0.5, passwords=VaultPasswords(made))
        stand.wait(vaults.begin())
        with stand.connect() as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE secret (word VARCHAR(60))")
            cursor.execute("INSERT INTO secret VALUES (%s)", (PLAIN,))
        yield stand
        stand.close()


@pytest.fixture(autouse=True)
def as_declared(stand: Stand) -> Iterator[None]:
    yield
    stand.ground.present.become(Change())


def test_without_its_role_the_server_opens_nothing(stand: Stand) -> None:
    connection = stand.connect()
    stand.ground.present.become(Change(without=(ROLE,)))
    assert support.eventually(lambda: support.is_gone(connection), 3)
    with refused(KEY_NOT_FOUND, "not allowed", "keys/unwrap/action", "mysql-encryption-key"):
        stand.connect()
    stand.ground.present.become(Change())
    with stand.connect() as again, again.cursor() as cursor:
        cursor.execute("SELECT word FROM secret")
        assert cursor.fetchone() == (PLAIN,)


def test_each_unwrapping_is_in_the_vault_s_log(stand: Stand) -> None:
    before = len(_unwrapped(stand))
    stand.connect().close()
    assert len(_unwrapped(stand)) > before
    stand.ground.present.become(Change(without=(ROLE,)))
    with refused(KEY_NOT_FOUND):
        stand.connect()
    assert _unwrapped(stand)[-1]["HttpStatusCode"] == 403


def _unwrapped(stand: Stand) -> list[dict[str, Any]]:
    return [row for _, _, row, _ in grounds.rows(stand.ground) if row.get("OperationName") == "KeyUnwrap"]


def test_what_is_on_disk_is_wrapped_by_the_declared_key(stand: Stand) -> None:
    kept = stand.ground.store.get("database/key", SERVER)
    [key] = [one for one in stand.ground.present.estate.of(Key) if one.key == kept["by"]]  # type: ignore[index]  # it is there
    assert key.address == "azurerm_key_vault_key.mysql_encryption_key"


def test_the_password_is_taken_once_the_server_takes_passwords_and_that_is_recorded(stand: Stand) -> None:
    server: Any = stand.ground.present.estate.resources[SERVER]
    password = stand.wait(VaultPasswords(stand.ground).password(server))
    with refused(SIGN_IN_DENIED, "aad_auth_only is ON"):
        stand.connect("breakglass", password)
    stand.ground.present.become(Change(without=(TOKENS_ONLY,)))
    with stand.connect("breakglass", password) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT word FROM secret")
        assert cursor.fetchone() == (PLAIN,)
    with refused(SIGN_IN_DENIED):
        stand.connect("breakglass", password + "x")
    with refused(SIGN_IN_DENIED, "no access token"):
        stand.connect(secret=password)
    told = [(row["user_s"], row["status_d"], row["is_aad_auth_s"]) for row in support.connections(stand)]
    assert told[-4:] == [
        ("breakglass", 0, "N"),
        ("breakglass", 0, "N"),
        ("breakglass", SIGN_IN_DENIED, "N"),
        (support.ISSUANCE, SIGN_IN_DENIED, "Y"),
    ]
    assert password not in str(grounds.rows(stand.ground))


def test_the_database_of_the_other_region_is_another(stand: Stand) -> None:
    stand.server = "eu#azurerm_mysql_flexible_server.mysql"
    try:
        with refused(SIGN_IN_DENIED, "no such user"):
            stand.connect(database=DATABASE)
    finally:
        stand.server = SERVER
