"""What whoever has the disks can read of an account, with which keys: asked beside the service, of the files alone.

With infrastructure encryption a text is read with both keys and with neither alone; without it the service's key is
enough. The keys are taken from where the twin keeps them, which stands for hardware.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

from ringfence.twin.blob.contents import FOLDER, KEY_FILE, SEGMENT, Infrastructure, Layer
from ringfence.twin.blob.keys import Keys
from ringfence.twin.seal import BrokenSealError, Seal, kept
from ringfence.twin.store import Store

if TYPE_CHECKING:
    from ringfence.twin.folder import Folder


def revealed(folder: Folder, account: str, text: bytes) -> frozenset[str]:
    """The keys with which the text is found in a file: of "none", "service", "infrastructure" and "both".

    `account` is the account's key in the estate. Only small blobs are looked into, those of one segment.
    """
    small = [path for path in (folder.path / FOLDER).iterdir() if path.stat().st_size < SEGMENT]
    files = {path.name: path.read_bytes() for path in small}
    return frozenset(
        keys
        for keys, layers in _layers(folder, account).items()
        if any(text in _opened(layers, data, f"{account}/{name}/0") for name, data in files.items())
    )


def _layers(folder: Folder, account: str) -> dict[str, list[Layer]]:
    """By the keys that somebody has: the layers that he takes off, the outer first."""
    with closing(Store(folder.state, kept(folder.seal))) as store:
        key = Keys(store).known(account)
    infrastructure = Infrastructure((folder.path / KEY_FILE).read_bytes())
    service: list[Layer] = [Seal(key)] if key else []
    return {"none": [], "service": service, "infrastructure": [infrastructure], "both": [infrastructure, *service]}


def _opened(layers: list[Layer], data: bytes, where: str) -> bytes:
    """What is left of a file when the layers are off; nothing where one does not come off."""
    try:
        for layer in layers:
            data = layer.open(data, where)
    except BrokenSealError:
        return b""
    return data
