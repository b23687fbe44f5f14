"""What the estate says of a MySQL server, as the server needs it. What is not known is taken for the closed side.

Source: learn.microsoft.com/azure/mysql/flexible-server/concepts-server-parameters, …/how-to-connect-tls-ssl,
…/security-entra-authentication; for the single server learn.microsoft.com/previous-versions/azure/mysql/single-server/
concepts-ssl-connection-security
"""

from __future__ import annotations

from ssl import TLSVersion
from typing import TYPE_CHECKING, TypeAlias

from ringfence.model.mysql import MySqlDatabase, MySqlFlexibleServer, MySqlServer
from ringfence.model.value import Known, Unknown
from ringfence.record import record

if TYPE_CHECKING:
    from ringfence.model.estate import Estate
    from ringfence.model.value import Attr

Server: TypeAlias = MySqlServer | MySqlFlexibleServer

_VERSIONS = {
    "TLSv1": TLSVersion.TLSv1,
    "TLSv1.1": TLSVersion.TLSv1_1,
    "TLSv1.2": TLSVersion.TLSv1_2,
    "TLSv1.3": TLSVersion.TLSv1_3,
}
_ANY = "TLSv1,TLSv1.1,TLSv1.2"
_SINGLE = {"TLS1_0": _ANY, "TLS1_1": "TLSv1.1,TLSv1.2", "TLS1_2": "TLSv1.2", "TLSEnforcementDisabled": _ANY}
_DEFAULTS = {
    "require_secure_transport": "ON",
    "tls_version": "TLSv1.2",
    "aad_auth_only": "OFF",
    "audit_log_enabled": "OFF",
    "audit_log_events": "CONNECTION",
    "slow_query_log": "OFF",
    "long_query_time": "10",
}
"""What a parameter is where nothing is said. Source: …/flexible-server/how-to-configure-server-parameters-portal"""
_CLOSED = _DEFAULTS | {"aad_auth_only": "ON", "audit_log_enabled": "ON"}
"""What it is taken for where its value is not known."""


@record()
class Settings:
    """How a server lets clients in, and what it records of them."""

    must_be_secure: bool
    """Every connection is encrypted."""
    oldest: TLSVersion
    newest: TLSVersion
    passwords: bool
    """The administrator may sign in by his password."""
    why: str
    """Which parameter decides that."""
    audited: frozenset[str]
    """The events that go to the audit log; none where it is off."""
    slow: float | None
    """Seconds from which on a statement is slow; None where such are not recorded."""


def settings(server: Server) -> Settings:
    """The settings of the server."""
    secure, versions = _transport(server)
    only = parameter(server, "aad_auth_only") == "ON"
    flexible = isinstance(server, MySqlFlexibleServer)
    why = "aad_auth_only is ON" if only else "aad_auth_only is not ON"
    known = [version for name, version in _VERSIONS.items() if name in versions] or [TLSVersion.TLSv1_2]
    events = parameter(server, "audit_log_events") if parameter(server, "audit_log_enabled") == "ON" else ""
    slow = _seconds(parameter(server, "long_query_time")) if parameter(server, "slow_query_log") == "ON" else None
    return Settings(
        secure, min(known), max(known), not (only and flexible), why, frozenset(filter(None, _words(events))), slow
    )


def _seconds(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return float(_DEFAULTS["long_query_time"])


def _transport(server: Server) -> tuple[bool, list[str]]:
    """Whether TLS is a must, and which versions of it there are."""
    if isinstance(server, MySqlServer):
        versions = _SINGLE.get(_text(server.minimal_tls_version), "TLSv1.2")
        return _text(server.ssl_enforcement) != "Disabled", versions.split(",")
    versions = parameter(server, "tls_version")
    return parameter(server, "require_secure_transport") != "OFF", [v.strip() for v in versions.split(",")]


def parameter(server: Server, name: str) -> str:
    """The value of a server parameter in upper case, but for versions of TLS."""
    for one in server.configurations:
        if isinstance(one.name, Known) and str(one.name.value).casefold() == name:
            if isinstance(one.value, Unknown):
                return _CLOSED[name]
            found = _text(one.value) or _DEFAULTS[name]
            return found if name == "tls_version" else found.upper()
    return _CLOSED[name] if server.configurations.open is not None else _DEFAULTS[name]


def databases(estate: Estate, server: Server) -> dict[str, MySqlDatabase]:
    """The databases that the estate declares on the server, by name."""
    found = (one for one in estate.of(MySqlDatabase) if estate.target(one, one.server) is server)
    return {_text(one.name): one for one in found if isinstance(one.name, Known)}


def login(server: Server) -> str:
    """The name of the administrator who has a password; "" where it is not known."""
    return _text(server.administrator_login)


def _text(attr: Attr[str]) -> str:
    return str(attr.value) if isinstance(attr, Known) else ""


def _words(text: str) -> list[str]:
    return [word.strip() for word in text.split(",")]
