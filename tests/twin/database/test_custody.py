"""The key in the vault stands before the data: taken away, nothing is read; given back, all is."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import pymysql
import pytest

from ringfence.model.symbol import Ref
from ringfence.model.world import Altered, Change
from ringfence.twin.database.data_key import BUCKET
from ringfence.twin.database.error import KEY_NOT_FOUND
from ringfence.twin.database.mariadb.server import installed

from .support import PLAIN, SERVER, Keeper, Stand, eventually, everything, ground, is_gone, place, refused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SHORT = 0.5
"""Seconds for which the data key may be held here."""
KEY = "azurerm_key_vault_key.mysql_encryption_key"


@pytest.fixture(scope="module", params=["embedded", "mariadb"])
def brief(request: pytest.FixtureRequest) -> Iterator[tuple[Stand, Keeper, Path]]:
    """One whose data key is held for half a second."""
    if request.param == "mariadb" and installed() is None:
        pytest.skip("mariadbd is not installed")
    with place() as folder:
        keeper = Keeper()
        made = Stand(ground(folder), keeper, embedded=request.param == "embedded", lifetime=SHORT)
        with made.connect() as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TABLE secret (word VARCHAR(60), KEY (word))")
            cursor.execute("INSERT INTO secret VALUES (%s)", (PLAIN,))
        yield made, keeper, folder
        made.close()


def read(connection: Any) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM secret")
        return cursor.fetchall()


def test_open_handles_close_within_the_lifetime_and_nothing_is_lost(brief: tuple[Stand, Keeper, Path]) -> None:
    stand, keeper, folder = brief
    connection = stand.connect()
    assert read(connection) == ((PLAIN,),)
    keeper.refuses = "the role assignment is gone"
    began = time.monotonic()
    assert eventually(lambda: is_gone(connection))
    assert time.monotonic() - began < SHORT + 2
    with refused(KEY_NOT_FOUND, "sealed", "the role assignment is gone"):
        stand.connect()
    assert PLAIN.encode() not in everything(folder)
    keeper.refuses = ""
    with stand.connect() as again:
        assert read(again) == ((PLAIN,),)


def test_a_new_sign_in_seals_at_once(brief: tuple[Stand, Keeper, Path]) -> None:
    stand, keeper, _ = brief
    with stand.connect() as connection:
        keeper.refuses = "the key is disabled"
        with refused(KEY_NOT_FOUND, "the key is disabled"):
            stand.connect()
        with pytest.raises(pymysql.MySQLError):
            read(connection)
    keeper.refuses = ""
    stand.connect().close()


def test_what_was_not_committed_when_it_was_sealed_was_never_acknowledged(brief: tuple[Stand, Keeper, Path]) -> None:
    stand, keeper, _ = brief
    with stand.connect(autocommit=False) as connection, connection.cursor() as cursor:
        cursor.execute("INSERT INTO secret VALUES ('half')")
        keeper.refuses = "revoked"
        with refused(KEY_NOT_FOUND):
            stand.connect()
        with pytest.raises(pymysql.MySQLError):
            connection.commit()
    keeper.refuses = ""
    with stand.connect() as again:
        assert read(again) == ((PLAIN,),)


def test_the_data_key_is_had_anew_while_somebody_is_connected(brief: tuple[Stand, Keeper, Path]) -> None:
    stand, keeper, _ = brief
    with stand.connect() as connection:
        before = len(keeper.asked)
        assert eventually(lambda: len(keeper.asked) >= before + 2, 3 * SHORT + 1)
        assert read(connection) == ((PLAIN,),)
    assert {asked.split()[1] for asked in keeper.asked} == {"id-mysql-eudcc-ie-prod"}


def test_the_files_are_sealed_when_nobody_is_connected(brief: tuple[Stand, Keeper, Path]) -> None:
    stand, _, folder = brief
    stand.connect().close()
    [files] = stand.databases._files.values()
    assert eventually(lambda: not files.opened)
    assert PLAIN.encode() not in everything(folder)


def test_no_key_lies_beside_the_data(brief: tuple[Stand, Keeper, Path]) -> None:
    stand, _, folder = brief
    [server] = [r for r in stand.ground.present.estate.resources.values() if r.key == SERVER]
    key = stand.wait(stand.databases._keys.unwrapped(server))
    with stand.connect():
        found = everything(folder)
    assert key not in found
    assert key.hex().encode() not in found.lower()


def test_a_newer_version_of_the_key_wraps_the_data_key_from_then_on(brief: tuple[Stand, Keeper, Path]) -> None:
    stand, keeper, _ = brief
    [files] = stand.databases._files.values()
    assert eventually(lambda: not files.opened)
    keeper.rotate()
    with stand.connect() as connection:
        assert read(connection) == ((PLAIN,),)
    kept = stand.ground.store.get(BUCKET, SERVER)
    assert kept is not None
    assert kept["version"].endswith(f"|{len(keeper._versions)}")


@pytest.mark.parametrize("without", [KEY, "azurerm_key_vault.vault"])
def test_what_the_estate_no_longer_declares_opens_nothing(brief: tuple[Stand, Keeper, Path], without: str) -> None:
    stand, _, _ = brief
    stand.ground.present.become(Change(without=(f"ie#{without}",)))
    try:
        with refused(KEY_NOT_FOUND, "sealed"):
            stand.connect()
    finally:
        stand.ground.present.become(Change())
    with stand.connect() as connection:
        assert read(connection) == ((PLAIN,),)


def test_a_key_that_the_server_no_longer_names_is_not_used(brief: tuple[Stand, Keeper, Path]) -> None:
    stand, keeper, _ = brief
    stand.ground.present.become(Change(set=(Altered(SERVER, ("encryption_key",)),)))
    try:
        before = len(keeper.asked)
        with refused(KEY_NOT_FOUND, "does not name any more"):
            stand.connect()
        assert len(keeper.asked) == before
    finally:
        stand.ground.present.become(Change())


def test_an_engine_that_was_killed_is_started_again(brief: tuple[Stand, Keeper, Path]) -> None:
    stand, _, _ = brief
    [files] = stand.databases._files.values()
    daemon = getattr(files.engine, "_daemon", None)
    if daemon is None:
        pytest.skip("the embedded engine has no process of its own")
    with stand.connect() as connection:
        daemon._process.kill()
        assert eventually(lambda: is_gone(connection))
        assert eventually(lambda: not files.engine.alive)
    with stand.connect() as again:
        assert read(again) == ((PLAIN,),)


def test_a_new_key_wraps_what_the_old_one_did(brief: tuple[Stand, Keeper, Path]) -> None:
    stand, _, _ = brief
    other = Ref("ie#azurerm_key_vault_key.aks_encryption_key", ("versionless_id",))
    stand.ground.present.become(Change(set=(Altered(SERVER, ("encryption_key",), other),)))
    try:
        with stand.connect() as connection:
            assert read(connection) == ((PLAIN,),)
        kept = stand.ground.store.get(BUCKET, SERVER)
        assert kept is not None
        assert kept["by"] == other.key
    finally:
        stand.ground.present.become(Change())
    with stand.connect() as connection:
        assert read(connection) == ((PLAIN,),)
