"""Secrets by which applications prove who they are.

A secret is made when the platform declares one, is kept sealed, and goes to whom the platform gives it: into the item
of a vault whose value refers to it (`value_of`), or to the twin's owner, by the control side alone (`sign_in`).
"""

from __future__ import annotations

import hmac
import re
import secrets
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from ringfence.model.entra import ApplicationPassword, ServicePrincipalPassword
from ringfence.model.symbol import Ref, Text, plain
from ringfence.model.value import Known
from ringfence.twin.entra.settle import meant, settled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ringfence.model.keyvault import Secret
    from ringfence.model.principal import Principal
    from ringfence.model.symbol import Value
    from ringfence.model.value import Attr
    from ringfence.twin.ground import Ground

_SECRETS = "entra/secret"
_DEPLOYER = "deployer"
"""Whoever runs Terraform has a secret of the run's own: how he signs in is declared nowhere."""
_HOURS = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
_Password = ApplicationPassword | ServicePrincipalPassword


# -- secrets


def begin(ground: Ground) -> None:
    """Every secret that the estate declares is there."""
    for password in _passwords(ground):
        _row(ground, password)


def secret_of(ground: Ground, key: str) -> str | None:
    """The secret that is declared under a key: a password's own, or the first of the application's."""
    if key == _DEPLOYER:
        return str(_kept(ground, key)["value"])
    for password in _passwords(ground):
        owner = _owner(ground, password)
        keys = (password.key, *((owner.key, getattr(owner.resource, "key", "")) if owner else ()), _link(password))
        if key in keys:
            return str(_row(ground, password)["value"])
    return None


def value_of(ground: Ground, secret: Secret) -> str | None:
    """What the platform puts into an item of a vault, where it is a password or an id that this directory made.

    None where it is something else: then nobody but its owner can say what it is.
    """
    value = plain(_value(secret.value))
    return None if value is None or isinstance(value, str) else _told(ground, value)


def _told(ground: Ground, value: Value) -> str | None:
    """The value with the passwords and ids that this directory made; None when it hangs on something else too."""
    value = plain(value)
    if isinstance(value, Text):
        parts = [_told(ground, part) for part in value.parts]
        return None if None in parts else "".join(map(str, parts))
    if isinstance(value, Ref) and value.path[-1:] == ("value",):
        found = meant(ground.directory, value)
        return str(_row(ground, found)["value"]) if isinstance(found, _Password) else None
    return settled(ground.directory, value)


def matches(ground: Ground, principal: Principal, secret: str) -> str:
    """How a secret fits the application: "yes", "no", "expired", or "none" where it has none at all."""
    if principal.kind == _DEPLOYER:
        return "yes" if _same(_kept(ground, _DEPLOYER), secret) else "no"
    found = "none"
    for password in _passwords(ground):
        if _owner(ground, password) != principal:
            continue
        row = _row(ground, password)
        same = _same(row, secret)
        if same and not _ended(ground, password, row):
            return "yes"
        found = "expired" if same else found if found == "expired" else "no"
    return found


def _passwords(ground: Ground) -> Iterator[_Password]:
    estate = ground.present.estate
    yield from estate.of(ApplicationPassword)
    yield from estate.of(ServicePrincipalPassword)


def _owner(ground: Ground, password: _Password) -> Principal | None:
    link = password.application if isinstance(password, ApplicationPassword) else password.service_principal
    return ground.directory.owner(password, link)


def _link(password: _Password) -> str:
    link = password.application if isinstance(password, ApplicationPassword) else password.service_principal
    return link.value.key if isinstance(link.value, Ref) else ""


def _row(ground: Ground, password: _Password) -> dict[str, Any]:
    return _kept(ground, password.key)


def _kept(ground: Ground, key: str) -> dict[str, Any]:
    row = ground.store.get(_SECRETS, key)
    if row is None:
        row = {"value": secrets.token_urlsafe(30), "made": ground.now().isoformat()}
        ground.store.put(_SECRETS, key, row)
    return row


def _same(row: dict[str, Any], secret: str) -> bool:
    return hmac.compare_digest(str(row["value"]).encode(), secret.encode())


def _ended(ground: Ground, password: _Password, row: dict[str, Any]) -> bool:
    """Its last day has come. One that hangs on when it was made, counted by Terraform, was made by this run."""
    end = _moment(password.end_date)
    if isinstance(password, ApplicationPassword) and isinstance(password.end_date_relative, Known):
        span = _HOURS.fullmatch(str(password.end_date_relative.value))
        hours, minutes, seconds = (int(part or 0) for part in span.groups()) if span else (0, 0, 0)
        end = datetime.fromisoformat(row["made"]) + timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return end is not None and ground.now() >= end


def _moment(attr: Attr[str]) -> datetime | None:
    if not isinstance(attr, Known):
        return None
    try:
        found = datetime.fromisoformat(str(attr.value))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _value(attr: Attr[str]) -> Value:
    return getattr(attr, "value", None)
