"""How a server of MySQL shows itself: by the certificate of its own name, in the versions of TLS that are declared.

Clients of MySQL ask for no name, most of them; one that asks for another is refused.
"""

from __future__ import annotations

import ssl
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from ringfence.twin.authority import Authority


class Contexts:
    """One for each name and pair of versions, when it is first needed."""

    def __init__(self, authority: Authority) -> None:
        self._authority = authority
        self._made: dict[tuple[str, ssl.TLSVersion, ssl.TLSVersion], ssl.SSLContext] = {}

    def of(self, host: str, oldest: ssl.TLSVersion, newest: ssl.TLSVersion) -> ssl.SSLContext:
        """What a server of this name shows."""
        mark = host, oldest, newest
        if mark not in self._made:
            self._made[mark] = self._context(host, oldest, newest)
        return self._made[mark]

    def _context(self, host: str, oldest: ssl.TLSVersion, newest: ssl.TLSVersion) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.minimum_version, context.maximum_version = oldest, newest
        context.sni_callback = _only(host)
        with tempfile.NamedTemporaryFile(suffix=".pem") as file:
            Path(file.name).write_bytes(self._authority.issued(host))
            context.load_cert_chain(file.name)
        return context


def _only(host: str) -> Callable[[ssl.SSLObject, str | None, ssl.SSLContext], int | None]:
    def check(_: ssl.SSLObject, asked: str | None, __: ssl.SSLContext) -> int | None:
        return None if asked in (host, None) else ssl.ALERT_DESCRIPTION_UNRECOGNIZED_NAME

    return check
