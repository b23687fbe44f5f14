"""Tokens of an identity that nobody's code runs as: Azure itself holds it, for a server or a cluster.

The twin's owner may have one, by the control side alone, to stand in for that service.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from azure.core.credentials import AccessToken

from ringfence.twin.orders import ask


class HeldToken:
    """A credential as the clients want one."""

    def __init__(self, socket: str, name: str) -> None:
        self._socket = Path(socket)
        self._name = name

    def get_token(self, *scopes: str, **_: Any) -> AccessToken:
        """A token for the audience of the scope."""
        told = ask(self._socket, "token", who=self._name, audience=scopes[0].removesuffix("/.default"))
        return AccessToken(told["token"], int(told["expires"]))
