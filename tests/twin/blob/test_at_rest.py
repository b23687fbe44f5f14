"""What lies on disk is ciphertext, under two keys where the account says so: neither opens it alone."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING

import pytest
from azure.core.exceptions import HttpResponseError

from ringfence.twin.blob.contents import SEGMENT, Contents, Infrastructure, Piece
from ringfence.twin.blob.disk import revealed
from ringfence.twin.seal import BrokenSealError, Seal, new_key
from tests.twin.blob.standing import OPEN, Standing, platform, written

if TYPE_CHECKING:
    from pathlib import Path

CLEAR = b"name;diagnosis\nMary;secret\n" * 100


def _kept(standing: Standing, who: str, container: str) -> bytes:
    standing.client(who).get_container_client(container).upload_blob("b", CLEAR)
    (path,) = (standing.ground.folder.path / "blobs").iterdir()
    return path.read_bytes()


def _keys(standing: Standing) -> tuple[Seal, Infrastructure]:
    data = Seal(standing.service.keys.data(standing.account))
    return data, Infrastructure((standing.ground.folder.path / "infrastructure.key").read_bytes())


def _where(standing: Standing) -> str:
    (path,) = (standing.ground.folder.path / "blobs").iterdir()
    return f"{standing.account.key}/{path.name}/0"


def test_with_infrastructure_encryption_both_keys_are_needed(tmp_path: Path) -> None:
    standing = platform("flowehr", tmp_path, "core#azurerm_storage_account.management")
    kept = _kept(standing, "core#azurerm_user_assigned_identity.flows", "mssqlvulnerabilityassessment")
    assert revealed(standing.ground.folder, standing.account.key, CLEAR) == {"both"}
    (service, infrastructure), where = _keys(standing), _where(standing)
    assert CLEAR[:20] not in kept
    with pytest.raises(BrokenSealError):
        service.open(kept, where)
    inner = infrastructure.open(kept, where)
    assert CLEAR[:20] not in inner
    with pytest.raises(BrokenSealError):
        infrastructure.open(inner, where)
    assert service.open(inner, where) == CLEAR


def test_without_it_there_is_one(tmp_path: Path) -> None:
    standing = written(tmp_path)
    kept = _kept(standing, "identity.owner", "shut")
    service, _ = _keys(standing)
    assert service.open(kept, _where(standing)) == CLEAR
    assert revealed(standing.ground.folder, standing.account.key, CLEAR) == {"service"}
    assert revealed(standing.ground.folder, standing.account.key, b"never written") == set()
    assert revealed(standing.ground.folder, ".#azurerm_storage_account.other", CLEAR) == set()


def test_neither_names_nor_contents_are_in_any_file(tmp_path: Path) -> None:
    standing = written(tmp_path)
    standing.client("identity.owner").get_blob_client("shut", "Mary-Smith").upload_blob(CLEAR, metadata={"nhs": "943"})
    for path in standing.ground.folder.path.rglob("*"):
        found = path.read_bytes() if path.is_file() else b""
        assert b"Mary" not in found
        assert path.stat().st_mode & 0o077 == 0 or path.name.startswith("state.db")


def test_what_was_changed_on_disk_is_not_served(tmp_path: Path) -> None:
    standing = written(tmp_path)
    _kept(standing, "identity.owner", "shut")
    (path,) = (standing.ground.folder.path / "blobs").iterdir()
    data = bytearray(path.read_bytes())
    data[100] ^= 1
    path.write_bytes(data)
    with pytest.raises(HttpResponseError, match="changed on disk"):
        standing.client("identity.owner").get_blob_client("shut", "b").download_blob()


@pytest.mark.parametrize("layers", [1, 2])
def test_every_range_of_every_size_is_right(tmp_path: Path, layers: int) -> None:
    contents = _contents(tmp_path)
    for size in (0, 1, SEGMENT - 1, SEGMENT, SEGMENT + 1, 2 * SEGMENT + 5):
        data = os.urandom(size)
        piece = contents.put("a", data, two=layers == 2)
        assert piece == Piece(piece.file, size, layers)
        for start, end in ((0, size), (0, 1), (size - 1, size), (SEGMENT - 1, SEGMENT + 1), (size // 3, size // 2)):
            start, end = max(start, 0), min(end, size)
            assert contents.get("a", piece, start, end) == data[start:end]


def test_a_file_is_not_another(tmp_path: Path) -> None:
    contents = _contents(tmp_path)
    one, other = (contents.put("a", data, two=True) for data in (b"1", b"2"))
    folder = tmp_path / "blobs"
    (folder / one.file).write_bytes((folder / other.file).read_bytes())
    with pytest.raises(BrokenSealError):
        contents.get("a", one, 0, 1)


def _contents(folder: Path) -> Contents:
    contents = Contents(folder)
    contents.open()
    contents.ready("a", new_key)
    return contents


def test_what_is_under_a_customers_key_is_not_kept_under_another(tmp_path: Path) -> None:
    key = """
resource "azurerm_storage_account_customer_managed_key" "k" {
  storage_account_id = azurerm_storage_account.s.id
  key_vault_id       = azurerm_key_vault.v.id
  key_name           = "k"
}
resource "azurerm_key_vault" "v" {
  name                = "v"
  resource_group_name = azurerm_resource_group.g.name
  location            = azurerm_resource_group.g.location
  tenant_id           = data.azurerm_client_config.me.tenant_id
  sku_name            = "premium"
}
"""
    standing = written(tmp_path, OPEN + key)
    with pytest.raises(HttpResponseError, match="customer-managed key") as error:
        standing.client("identity.owner").get_blob_client("shut", "b").upload_blob(b"1")
    assert error.value.status_code == 501


def test_of_many_who_write_at_once_one_is_first(tmp_path: Path) -> None:
    standing = written(tmp_path)
    token = standing.token("identity.owner")
    given = {"authorization": f"Bearer {token}", "x_ms_version": "2024-11-04", "x_ms_blob_type": "BlockBlob"}

    async def together() -> list[int]:
        request = [standing.request("PUT", "/shut/b", body=bytes([n]), if_none_match="*", **given) for n in range(8)]
        return [r.status for r in await asyncio.gather(*map(standing.service.answer, request))]

    assert sorted(asyncio.run(together())) == [201] + [409] * 7
    assert len(list((standing.ground.folder.path / "blobs").iterdir())) == 1
