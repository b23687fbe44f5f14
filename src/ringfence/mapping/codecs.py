"""How ARM writes what a field holds in another form: two-way pairs between the JSON and the field."""

from __future__ import annotations

from typing import Any

from ringfence.mapping.table import NOT, Codec
from ringfence.model.symbol import text

__all__ = [
    "ALIAS",
    "BEFORE_BRACKET",
    "DAYS",
    "ENFORCED",
    "EPOCH",
    "FAMILY",
    "GIVEN",
    "ID",
    "KEY",
    "LAST",
    "NOT",
    "OS",
    "PAIRS",
    "STARTED",
    "TIER",
]


def _key(value: Any) -> Any:
    """The URL of a key that is named by its vault's address and its name."""
    if not isinstance(value, dict):
        return value
    folded = {str(k).casefold(): v for k, v in value.items()}
    vault = folded.get("keyvaulturi") or folded.get("vaultbaseurl")
    name, version = folded.get("keyname"), folded.get("keyversion")
    if not vault or not name:
        return None
    start = vault.rstrip("/") if isinstance(vault, str) else vault
    end = f"/{version}" if isinstance(version, str) and version else ""
    return text(start, "/keys/", name, end)


def _parts(value: Any) -> Any:
    if not isinstance(value, str) or "/keys/" not in value:
        return value
    vault, _, rest = value.partition("/keys/")
    name, _, version = rest.partition("/")
    return {"keyVaultUri": vault, "keyName": name, **({"keyVersion": version} if version else {})}


def _days(value: Any) -> Any:
    """The days of a retention policy, None while it is off."""
    if not isinstance(value, dict):
        return value
    return value.get("days") if value.get("enabled") is True else None


def _moment(value: Any) -> Any:
    """Seconds since 1970 as Terraform writes a time."""
    if isinstance(value, bool) or not isinstance(value, int):
        return value
    from datetime import UTC, datetime

    try:
        return datetime.fromtimestamp(value, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return value


def _seconds(value: Any) -> Any:
    from datetime import datetime

    return int(datetime.fromisoformat(value).timestamp()) if isinstance(value, str) else value


def _pairs(value: Any) -> Any:
    """Settings, as the list of names and values that ``siteConfig`` has or as the object of ``config/appsettings``."""
    if not isinstance(value, (list, tuple)):
        return value
    return {str(i.get("name")): i.get("value") for i in value if isinstance(i, dict)}


def _os(value: Any) -> Any:
    return ("Linux" if "linux" in value.casefold() else "Windows") if isinstance(value, str) else value


def _same(value: Any) -> Any:
    return value


KEY = Codec(_key, _parts)
DAYS = Codec(_days, lambda v: {"enabled": v is not None, **({} if v is None else {"days": v})})
EPOCH = Codec(_moment, _seconds)
PAIRS = Codec(_pairs, _same)
OS = Codec(_os, lambda v: str(v).casefold())
"""The operating system in the ``kind`` of a site or plan."""
FAMILY = Codec(lambda v: v.partition("_")[0] if isinstance(v, str) else v, _same)
TIER = Codec(lambda v: v.partition("_")[2] or v if isinstance(v, str) else v, _same)
"""``Standard_GRS`` is the tier Standard, replicated as GRS."""
ID = Codec(lambda v: v if str(v).startswith("/") else None, _same)
ALIAS = Codec(lambda v: None if str(v).startswith("/") else v, _same)
"""One place holds an id or the alias of a service."""
LAST = Codec(lambda v: v.rstrip("/").rpartition("/")[2] if isinstance(v, str) else v, _same)
"""The name that an id ends in."""
BEFORE_BRACKET = Codec(lambda v: v.partition("(")[0] if isinstance(v, str) else v, _same)
GIVEN = Codec(lambda v: v is not None, _same)
"""That something is there is what counts."""
STARTED = Codec(lambda v: str(v).casefold() == "started", lambda v: "Started" if v else "Stopped")
ENFORCED = Codec(
    lambda v: v.casefold() == "default" if isinstance(v, str) else v, lambda v: "Default" if v else "DoNotEnforce"
)
