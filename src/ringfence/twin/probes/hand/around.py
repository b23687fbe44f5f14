"""What code finds around it where it runs: files that are mounted for it, and variables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ringfence.twin.probes.hand.clients import Clients

_OWN = "azure-identity-token"


def surroundings(_: Clients, words: dict[str, Any]) -> dict[str, Any]:
    """Which of the names are files with something in them, which are variables, and what other files there are."""
    token = os.environ.get("AZURE_FEDERATED_TOKEN_FILE", "")
    beside = Path(token).parent.iterdir() if token else ()
    files = {path.name for path in beside if path.read_bytes()} - {_OWN}
    variables = [name for name in words["names"] if os.environ.get(name)]
    return {
        "files": sorted(files & set(words["names"])),
        "variables": variables,
        "others": sorted(files - set(words["names"])),
    }
