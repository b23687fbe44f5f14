"""What a hand can do, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ringfence.twin.probes.hand import arm, around, blobs, databases, doors, logs, sign_in, vaults

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.twin.probes.hand.clients import Clients

JOBS: dict[str, Callable[[Clients, dict[str, Any]], dict[str, Any]]] = {
    job.__name__: job
    for job in (
        sign_in.sign_in,
        sign_in.metadata_token,
        sign_in.versions,
        around.surroundings,
        doors.knock,
        doors.fetch,
        doors.connect,
        doors.handshake,
        vaults.get_secret,
        vaults.set_secret,
        vaults.delete_secret,
        vaults.recover_secret,
        vaults.purge_secret,
        vaults.get_key,
        vaults.create_key,
        vaults.delete_key,
        vaults.purge_key,
        vaults.release_key,
        vaults.backup_key,
        vaults.operate,
        vaults.get_certificate,
        blobs.put_blob,
        blobs.get_blob,
        blobs.list_blobs,
        blobs.list_containers,
        blobs.make_container,
        blobs.delete_container,
        blobs.restore_container,
        blobs.delete_blob,
        blobs.restore_blob,
        databases.query,
        databases.hold,
        logs.query_logs,
        arm.manage,
    )
}
