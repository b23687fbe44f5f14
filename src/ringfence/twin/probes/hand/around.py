"""What code finds around it where it runs: files that are mounted for it, and variables."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ringfence.twin.probes.hand.clients import Clients

_OWN = "azure-identity-token"


def surroundings(_: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """Which of the names are files with something in them, which are variables, and what other files there are.

    Of each a digest is told; of all variables, those that have the text of one in them.
    """
    token = os.environ.get("AZURE_FEDERATED_TOKEN_FILE", "")
    beside = Path(token).parent.iterdir() if token else ()
    files = {path.name for path in beside if path.read_bytes()} - {_OWN}
    variables = [name for name in words["names"] if os.environ.get(name)]
    texts = {n: os.environ[n].encode() for n in variables}
    texts |= {n: (Path(token).parent / n).read_bytes() for n in files & set(words["names"])}
    return {
        "digests": {name: hashlib.sha256(text).hexdigest()[:16] for name, text in texts.items()},
        "strays": sorted(n for n, v in os.environb.items() if n.decode() not in variables and _has(v, texts.values())),
        "files": sorted(files & set(words["names"])),
        "variables": variables,
        "others": sorted(files - set(words["names"])),
    }


def _has(value: bytes, texts: Iterable[bytes]) -> bool:
    return any(text in value for text in texts)
