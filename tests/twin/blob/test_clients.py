"""Azure's own clients put, get, list and delete as they would in Azure."""

from __future__ import annotations

import asyncio
import base64
import hashlib
from typing import TYPE_CHECKING

import pytest
from azure.core import MatchConditions
from azure.core.exceptions import (
    HttpResponseError,
    ResourceExistsError,
    ResourceModifiedError,
    ResourceNotFoundError,
)
from azure.storage.blob import BlobBlock, BlobPrefix, ContentSettings

from ringfence.twin.blob.checksums import crc, crc64
from tests.twin.blob.standing import Standing, written

if TYPE_CHECKING:
    from pathlib import Path

    from azure.storage.blob import BlobServiceClient, ContainerClient


@pytest.fixture
def standing(tmp_path: Path) -> Standing:
    return written(tmp_path)


@pytest.fixture
def client(standing: Standing) -> BlobServiceClient:
    return standing.client("identity.owner")


@pytest.fixture
def container(client: BlobServiceClient) -> ContainerClient:
    return client.get_container_client("shut")


def test_declared_containers_are_there_and_others_can_be_made(client: BlobServiceClient) -> None:
    made = client.create_container("made", metadata={"why": "to see"})
    assert [c.name for c in client.list_containers()] == ["made", "open", "shut"]
    assert made.get_container_properties().metadata == {"why": "to see"}
    with pytest.raises(ResourceExistsError):
        client.create_container("made")
    made.set_container_metadata({"now": "other"})
    found = next(client.list_containers(name_starts_with="m", include_metadata=True))
    assert (found.name, found.metadata) == ("made", {"now": "other"})
    client.delete_container("made")
    with pytest.raises(ResourceNotFoundError):
        made.get_container_properties()
    assert not made.exists()


def test_what_was_put_is_what_is_got(container: ContainerClient) -> None:
    blob = container.get_blob_client("a folder/näme+1.txt")
    told = blob.upload_blob(
        b"some words",
        metadata={"myKey": "v"},
        content_settings=ContentSettings(content_type="text/plain", cache_control="no-store"),
    )
    assert bytes(told["content_md5"]) == hashlib.md5(b"some words").digest()
    found = blob.download_blob()
    assert found.readall() == b"some words"
    assert found.properties.etag == told["etag"]
    assert blob.download_blob(offset=5, length=3).readall() == b"wor"
    properties = blob.get_blob_properties()
    assert (properties.size, properties.metadata) == (10, {"myKey": "v"})
    assert properties.content_settings.content_type == "text/plain"
    assert properties.content_settings.cache_control == "no-store"
    assert properties.creation_time == properties.last_modified


def test_an_empty_blob_is_got_too(container: ContainerClient) -> None:
    container.upload_blob("empty", b"")
    assert container.download_blob("empty").readall() == b""
    with pytest.raises(HttpResponseError) as error:
        container.download_blob("empty", offset=1, length=1)
    assert error.value.status_code == 416


def test_large_bodies_go_in_blocks_and_come_in_ranges(standing: Standing) -> None:
    small = standing.client(
        "identity.owner", max_single_put_size=1024, max_block_size=300_000, max_single_get_size=500_000
    )
    data = bytes(range(256)) * 8000
    blob = small.get_blob_client("shut", "large")
    blob.upload_blob(data)
    assert blob.download_blob().readall() == data
    assert blob.download_blob(offset=299_990, length=20).readall() == data[299_990:300_010]
    committed, waiting = blob.get_block_list("all")
    assert [b.size for b in committed] == [300_000] * 6 + [248_000]
    assert waiting == []


def test_blocks_wait_until_a_list_names_them(container: ContainerClient) -> None:
    blob = container.get_blob_client("b")
    for name, data in (("1", b"one"), ("2", b"two"), ("3", b"three")):
        blob.stage_block(name, data)
    assert not blob.exists()
    committed, waiting = blob.get_block_list("all")
    assert (committed, [b.size for b in waiting]) == ([], [3, 3, 5])
    blob.commit_block_list([BlobBlock("2"), BlobBlock("1")])
    assert blob.download_blob().readall() == b"twoone"
    blob.stage_block("4", b"!")
    blob.commit_block_list([BlobBlock("1"), BlobBlock("4")])
    assert blob.download_blob().readall() == b"one!"
    with pytest.raises(HttpResponseError) as error:
        blob.commit_block_list([BlobBlock("2")])
    assert error.value.error_code == "InvalidBlockList"


def test_names_are_listed_in_order_by_folder_and_by_page(container: ContainerClient) -> None:
    names = ["a", "b/1", "b/2", "b/c/1", "b0", "c/1", "d"]
    for name in reversed(names):
        container.upload_blob(name, b"x")
    assert [b.name for b in container.list_blobs()] == names
    assert list(container.list_blob_names(name_starts_with="b/")) == ["b/1", "b/2", "b/c/1"]
    assert sorted(b.name for b in container.walk_blobs()) == ["a", "b/", "b0", "c/", "d"]
    folder = next(b for b in container.walk_blobs() if isinstance(b, BlobPrefix))
    assert sorted(b.name for b in folder) == ["b/1", "b/2", "b/c/"]
    for size in (1, 2, 3):
        pages = [[b.name for b in page] for page in container.list_blobs(results_per_page=size).by_page()]
        assert [name for page in pages for name in page] == names
        assert all(len(page) <= size for page in pages)
        walked = [b.name for page in container.walk_blobs(results_per_page=size).by_page() for b in page]
        assert sorted(walked) == ["a", "b/", "b0", "c/", "d"]


def test_folders_of_the_oddest_names_are_listed(container: ContainerClient) -> None:
    for name in ("a/\U0010ffffz", "a/\U0010ffff", "b"):
        container.upload_blob(name, b"x")
    assert sorted(b.name for b in container.walk_blobs()) == ["a/", "b"]


def test_a_name_that_xml_cannot_hold_is_listed(container: ContainerClient) -> None:
    container.upload_blob("odd\x01name", b"x")
    assert [b.name for b in container.list_blobs()] == ["odd\x01name"]


def test_nobody_writes_over_what_he_has_not_seen(container: ContainerClient) -> None:
    blob = container.get_blob_client("b")
    first = blob.upload_blob(b"1")
    with pytest.raises(ResourceExistsError):
        blob.upload_blob(b"2")
    second = blob.upload_blob(b"2", overwrite=True, etag=first["etag"], match_condition=MatchConditions.IfNotModified)
    for write in (blob.delete_blob, lambda **m: blob.upload_blob(b"3", overwrite=True, **m)):
        with pytest.raises(ResourceModifiedError):
            write(etag=first["etag"], match_condition=MatchConditions.IfNotModified)
    with pytest.raises(HttpResponseError) as error:
        blob.download_blob(etag=second["etag"], match_condition=MatchConditions.IfModified)
    assert error.value.status_code == 304
    with pytest.raises(HttpResponseError) as error:
        blob.get_blob_properties(if_modified_since=second["last_modified"])
    assert error.value.status_code == 304
    assert blob.get_blob_properties(if_unmodified_since=second["last_modified"]).size == 1


def test_a_newer_version_than_there_is_is_told_of(standing: Standing) -> None:
    client = standing.client("identity.owner", api_version="2026-10-06")
    assert client.get_container_client("shut").exists()
    found = standing.ask("GET", "/shut/b", x_ms_version="2099-11-05")
    assert found.status == 400
    assert b"<HeaderName>x-ms-version</HeaderName>" in found.body


def test_a_lease_keeps_others_from_writing(container: ContainerClient, standing: Standing) -> None:
    blob = container.get_blob_client("b")
    blob.upload_blob(b"1")
    lease = blob.acquire_lease(15)
    with pytest.raises(HttpResponseError) as error:
        blob.upload_blob(b"2", overwrite=True)
    assert error.value.error_code == "LeaseIdMissing"
    blob.upload_blob(b"2", overwrite=True, lease=lease)
    assert blob.get_blob_properties().lease.state == "leased"
    with pytest.raises(HttpResponseError) as error:
        blob.acquire_lease(15)
    assert error.value.error_code == "LeaseAlreadyPresent"
    standing.clock.forward(seconds=16)
    assert blob.get_blob_properties().lease.state == "expired"
    lease.renew()
    lease.change("f81d4fae-7dec-11d0-a765-00a0c91e6bf6")
    assert lease.break_lease() == 15
    lease.release()
    blob.delete_blob()


def test_who_has_the_lease_may_write_over_what_others_may_not(container: ContainerClient) -> None:
    blob = container.get_blob_client("b")
    blob.upload_blob(b"1")
    lease = blob.acquire_lease(-1)
    with pytest.raises(HttpResponseError):
        blob.upload_blob(b"2")
    blob.upload_blob(b"3", lease=lease)
    assert blob.download_blob().readall() == b"3"


def test_a_container_is_leased_too(container: ContainerClient) -> None:
    lease = container.acquire_lease(-1)
    with pytest.raises(HttpResponseError) as error:
        container.delete_container()
    assert error.value.error_code == "LeaseIdMissing"
    container.upload_blob("b", b"1")
    assert lease.break_lease(5) == 5
    assert container.get_container_properties().lease.state == "breaking"
    lease.break_lease(0)
    container.delete_container()


def test_blobs_of_which_only_blocks_are_there_are_listed_where_they_are_asked_for(container: ContainerClient) -> None:
    container.get_blob_client("a").stage_block("1", b"one")
    container.upload_blob("b", b"2", tags={"t": "1"})
    assert [b.name for b in container.list_blobs()] == ["b"]
    assert [(b.name, b.size) for b in container.list_blobs(include="uncommittedblobs")] == [("a", 0), ("b", 1)]


def test_metadata_headers_tags_and_tier_are_set(container: ContainerClient) -> None:
    blob = container.get_blob_client("b")
    blob.upload_blob(b"1", tags={"a": "b"})
    assert blob.get_blob_tags() == {"a": "b"}
    blob.set_blob_tags({"c": "d e"})
    blob.set_blob_metadata({"m": "n"})
    blob.set_http_headers(ContentSettings(content_language="cy"))
    blob.set_standard_blob_tier("Cool")
    found = blob.get_blob_properties()
    assert (found.metadata, found.content_settings.content_language, found.blob_tier) == ({"m": "n"}, "cy", "Cool")
    assert found.content_settings.content_type == "application/octet-stream"
    listed = next(container.list_blobs(include=["metadata", "tags"]))
    assert (listed.metadata, listed.tags) == ({"m": "n"}, {"c": "d e"})


def test_a_snapshot_stays_as_it_was(container: ContainerClient) -> None:
    blob = container.get_blob_client("b")
    blob.upload_blob(b"1")
    taken = blob.create_snapshot()
    blob.upload_blob(b"2", overwrite=True)
    assert container.get_blob_client("b", snapshot=taken["snapshot"]).download_blob().readall() == b"1"
    with pytest.raises(HttpResponseError) as error:
        blob.delete_blob()
    assert error.value.error_code == "SnapshotsPresent"
    assert len(list(container.list_blobs(include="snapshots"))) == 2
    blob.delete_blob(delete_snapshots="include")
    assert list(container.list_blobs(include="snapshots")) == []


def test_copies_within_the_account(standing: Standing, container: ContainerClient) -> None:
    source = container.upload_blob("from", b"x" * 1000, metadata={"a": "b"})
    target = container.get_blob_client("to")
    told = target.start_copy_from_url(source.url)
    assert told["copy_status"] == "success"
    assert (target.download_blob().readall(), target.get_blob_properties().metadata) == (b"x" * 1000, {"a": "b"})
    assert target.get_blob_properties().copy.status == "success"
    source.set_blob_tags({"t": "1"})
    target.start_copy_from_url(source.url, tags="COPY", requires_sync=True)
    assert target.get_blob_tags() == {"t": "1"}
    with pytest.raises(HttpResponseError) as error:
        target.start_copy_from_url(
            source.url, source_etag='"0x0"', source_match_condition=MatchConditions.IfNotModified
        )
    assert error.value.error_code == "SourceConditionNotMet"
    token = f"Bearer {standing.token('identity.owner')}"
    with pytest.raises(HttpResponseError, match="CannotVerifyCopySource"):
        target.upload_blob_from_url(source.url, overwrite=True)
    target.upload_blob_from_url(source.url, overwrite=True, source_authorization=token)
    target.stage_block_from_url("1", source.url, source_offset=0, source_length=10, source_authorization=token)
    target.commit_block_list([BlobBlock("1")])
    assert target.download_blob().readall() == b"x" * 10


def test_what_was_spoilt_on_the_way_is_not_taken(standing: Standing, container: ContainerClient) -> None:
    assert crc(b"123456789") == 0xAE8B14860A799888
    blob = container.get_blob_client("b")
    told = blob.upload_blob(b"fine", validate_content=True)
    assert told["content_md5"] is not None
    assert blob.download_blob(validate_content=True).readall() == b"fine"
    wrong = {"Content-MD5": base64.b64encode(bytes(16)).decode()}
    for headers in (wrong, {"x-ms-content-crc64": crc64(b"other")}):
        with pytest.raises(HttpResponseError) as error:
            blob.upload_blob(b"spoilt", overwrite=True, headers=headers)
        assert error.value.error_code in ("Md5Mismatch", "Crc64Mismatch")
    blob.upload_blob(b"sound", overwrite=True, headers={"x-ms-content-crc64": crc64(b"sound")})
    assert blob.download_blob().readall() == b"sound"


def test_the_account_tells_what_it_is(standing: Standing) -> None:
    client = standing.client(standing.key)
    assert client.get_account_information()["sku_name"] == "Standard_LRS"
    found = client.get_service_properties()
    assert (found["delete_retention_policy"].enabled, found["delete_retention_policy"].days) == (True, 7)


def test_several_are_deleted_at_once(standing: Standing, container: ContainerClient) -> None:
    for name in ("a", "b c", "d/e"):
        container.upload_blob(name, b"x")
    found = container.delete_blobs("a", "b c", "gone", raise_on_any_failure=False)
    assert [part.status_code for part in found] == [202, 202, 404]
    assert [b.name for b in container.list_blobs()] == ["d/e"]
    container.set_standard_blob_tier_blobs("Cold", "d/e")
    assert container.get_blob_client("d/e").get_blob_properties().blob_tier == "Cold"
    assert [row[2]["OperationName"] for row in standing.rows()].count("DeleteBlob") == 3
    signed = standing.client(standing.key).get_container_client("shut")
    signed.delete_blobs("d/e")
    reader = standing.client("identity.reader").get_container_client("shut")
    with pytest.raises(HttpResponseError):
        reader.delete_blobs("d/e")


def test_the_asynchronous_client_does_the_same(standing: Standing) -> None:
    async def all_of_it() -> tuple[bytes, list[str]]:
        async with standing.async_client("identity.owner") as client:
            container = client.get_container_client("shut")
            blob = await container.upload_blob("a/b", b"hello")
            data = await (await blob.download_blob()).readall()
            names = [b.name async for b in container.list_blobs()]
            await blob.delete_blob()
            return data, names

    assert asyncio.run(all_of_it()) == (b"hello", ["a/b"])


def test_what_was_acknowledged_is_there_after_a_stop_without_warning(standing: Standing) -> None:
    container = standing.client("identity.owner").get_container_client("shut")
    container.upload_blob("b", b"1", metadata={"a": "b"})
    container.get_blob_client("waits").stage_block("1", b"one")
    lease = container.get_blob_client("b").acquire_lease(-1)
    stray = standing.ground.folder.path / "blobs" / ("0" * 32)
    stray.write_bytes(b"half written")
    standing.again()
    blob = container.get_blob_client("b")
    assert (blob.download_blob().readall(), blob.get_blob_properties().lease.state) == (b"1", "leased")
    assert lease.id
    waits = container.get_blob_client("waits")
    waits.commit_block_list([BlobBlock("1")])
    assert waits.download_blob().readall() == b"one"
    assert not stray.exists()
