"""What is deleted can be brought back while its days last, and not after; each account as its settings say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from azure.core.exceptions import HttpResponseError, ResourceExistsError, ResourceNotFoundError

from tests.twin.blob.standing import OPEN, Standing, platform, written

if TYPE_CHECKING:
    from pathlib import Path

    from azure.storage.blob import ContainerClient


@pytest.fixture
def standing(tmp_path: Path) -> Standing:
    return written(tmp_path)


@pytest.fixture
def container(standing: Standing) -> ContainerClient:
    return standing.client("identity.owner").get_container_client("shut")


def test_a_deleted_blob_is_back_within_its_days(standing: Standing, container: ContainerClient) -> None:
    blob = container.upload_blob("b", b"1", metadata={"a": "b"})
    blob.delete_blob()
    assert list(container.list_blobs()) == []
    with pytest.raises(ResourceNotFoundError):
        blob.download_blob()
    standing.clock.forward(days=6, hours=23)
    listed = next(container.list_blobs(include="deleted"))
    assert (listed.deleted, listed.remaining_retention_days) == (True, 1)
    blob.undelete_blob()
    assert (blob.download_blob().readall(), blob.get_blob_properties().metadata) == (b"1", {"a": "b"})


def test_and_gone_for_good_after_them(standing: Standing, container: ContainerClient) -> None:
    blob = container.upload_blob("b", b"1")
    blob.delete_blob()
    assert _files(standing) == 1
    standing.clock.forward(days=7)
    with pytest.raises(ResourceNotFoundError):
        blob.undelete_blob()
    assert list(container.list_blobs(include="deleted")) == []
    assert _files(standing) == 0


def test_days_go_on_while_nothing_runs(standing: Standing, container: ContainerClient) -> None:
    blob = container.upload_blob("b", b"1")
    blob.delete_blob()
    standing.clock.forward(days=8)
    standing.again()
    with pytest.raises(ResourceNotFoundError):
        blob.undelete_blob()


def test_what_was_written_over_is_kept_as_a_deleted_snapshot(standing: Standing, container: ContainerClient) -> None:
    blob = container.upload_blob("b", b"1")
    blob.upload_blob(b"2", overwrite=True)
    kept = [b for b in container.list_blobs(include=["deleted", "snapshots"]) if b.deleted]
    assert [b.snapshot is not None for b in kept] == [True]
    blob.undelete_blob()
    back = container.get_blob_client("b", snapshot=kept[0].snapshot)
    assert (back.download_blob().readall(), blob.download_blob().readall()) == (b"1", b"2")


def test_a_deleted_container_is_back_with_all_that_was_in_it(standing: Standing, container: ContainerClient) -> None:
    client = standing.client("identity.owner")
    container.upload_blob("b", b"1")
    container.delete_container()
    assert [c.name for c in client.list_containers()] == ["open"]
    with pytest.raises(ResourceNotFoundError):
        container.upload_blob("c", b"2")
    standing.clock.forward(days=6)
    gone = next(c for c in client.list_containers(include_deleted=True) if c.deleted)
    back = client.undelete_container(gone.name, gone.version)
    assert back.download_blob("b").readall() == b"1"


def test_a_deleted_container_is_gone_after_its_days(standing: Standing, container: ContainerClient) -> None:
    client = standing.client("identity.owner")
    container.upload_blob("b", b"1")
    container.delete_container()
    gone = next(c for c in client.list_containers(include_deleted=True) if c.deleted)
    standing.clock.forward(days=7)
    with pytest.raises(ResourceNotFoundError):
        client.undelete_container(gone.name, gone.version)
    assert _files(standing) == 0
    standing.again()
    assert [c.name for c in client.list_containers(include_deleted=True)] == ["open"]


def test_a_container_is_not_restored_over_another(standing: Standing, container: ContainerClient) -> None:
    client = standing.client("identity.owner")
    container.delete_container()
    gone = next(c for c in client.list_containers(include_deleted=True) if c.deleted)
    client.create_container("shut")
    with pytest.raises(ResourceExistsError):
        client.undelete_container(gone.name, gone.version)


def test_without_days_what_is_deleted_is_gone_at_once(tmp_path: Path) -> None:
    text = OPEN.replace("    delete_retention_policy { days = 7 }\n", "")
    standing = written(tmp_path, text)
    container = standing.client("identity.owner").get_container_client("shut")
    blob = container.upload_blob("b", b"1")
    blob.upload_blob(b"2", overwrite=True)
    assert _files(standing) == 1
    blob.delete_blob()
    with pytest.raises(ResourceNotFoundError):
        blob.undelete_blob()
    assert _files(standing) == 0


def test_where_the_days_are_not_known_nothing_is_deleted(tmp_path: Path) -> None:
    text = OPEN.replace("delete_retention_policy { days = 7 }", "delete_retention_policy { days = var.days }", 1)
    assert "var.days" in text
    standing = written(tmp_path, text + 'variable "days" {}\n')
    container = standing.client("identity.owner").get_container_client("shut")
    blob = container.upload_blob("b", b"1")
    with pytest.raises(HttpResponseError, match=r"cannot be told, because .*days.* has no value"):
        blob.delete_blob()
    assert blob.download_blob().readall() == b"1"


def test_with_versions_every_state_stays_readable(tmp_path: Path) -> None:
    standing = platform("flowehr", tmp_path, "core#azurerm_storage_account.management")
    client = standing.client("core#azurerm_user_assigned_identity.flows")
    container = client.get_container_client("mssqlvulnerabilityassessment")
    blob = container.get_blob_client("b")
    first = blob.upload_blob(b"1")
    second = blob.upload_blob(b"2", overwrite=True)
    third = blob.set_blob_metadata({"a": "b"})
    fourth = blob.create_snapshot()
    versions = list(container.list_blobs(include="versions"))
    assert [v.version_id for v in versions] == [x["version_id"] for x in (first, second, third, fourth)]
    assert [v.is_current_version for v in versions] == [None, None, None, True]
    assert blob.download_blob(version_id=first["version_id"]).readall() == b"1"
    assert blob.download_blob().readall() == b"2"


def test_with_versions_a_deleted_blob_is_brought_back_by_copying(tmp_path: Path) -> None:
    standing = platform("flowehr", tmp_path, "core#azurerm_storage_account.management")
    client = standing.client("core#azurerm_user_assigned_identity.flows")
    container = client.get_container_client("mssqlvulnerabilityassessment")
    blob = container.upload_blob("b", b"1")
    blob.delete_blob()
    blob.undelete_blob()
    assert not blob.exists()
    gone = next(container.list_blobs(include="deletedwithversions"))
    assert (gone.name, gone.has_versions_only) == ("b", True)
    standing.clock.forward(minutes=5)
    blob.start_copy_from_url(f"{blob.url}?versionId={gone.version_id}")
    assert blob.download_blob().readall() == b"1"
    with pytest.raises(HttpResponseError, match="deleteBlobVersion"):
        blob.delete_blob(version_id=gone.version_id)


def test_in_a_lake_what_was_deleted_is_back_where_nothing_is(tmp_path: Path) -> None:
    standing = platform("flowehr", tmp_path, "transform#azurerm_storage_account.datalake")
    container = standing.client("databricks_adls").get_container_client("silver")
    blob = container.get_blob_client("folder/b")
    blob.upload_blob(b"1")
    blob.upload_blob(b"2", overwrite=True)
    assert len(list(container.list_blobs(include=["deleted", "snapshots", "versions"]))) == 1
    blob.delete_blob()
    blob.upload_blob(b"3")
    with pytest.raises(ResourceExistsError):
        blob.undelete_blob()
    blob.delete_blob()
    standing.clock.forward(days=29)
    blob.undelete_blob()
    assert blob.download_blob().readall() == b"3"
    blob.delete_blob()
    standing.clock.forward(days=31)
    with pytest.raises(ResourceNotFoundError):
        blob.undelete_blob()


def _files(standing: Standing) -> int:
    return len(list((standing.ground.folder.path / "blobs").iterdir()))
