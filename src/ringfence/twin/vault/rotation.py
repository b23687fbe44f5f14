"""Rotation policies of keys: when a new version is made, and how long it lives.

A rotation that is due happens when somebody next asks for the newest version.

Source: learn.microsoft.com/azure/key-vault/keys/how-to-configure-key-rotation
"""

from __future__ import annotations

import calendar
import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from ringfence.twin.vault import attributes
from ringfence.twin.vault.errors import bad

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ringfence.twin.store import Row

_DURATION = re.compile(r"P(?=\d)(?:(\d{1,3})Y)?(?:(\d{1,3})M)?(?:(\d{1,3})W)?(?:(\d{1,5})D)?", re.ASCII)
_LEAST, _SHORTEST = 7, 28
"""Days: from one rotation to the next, or from a rotation to the end; and that a version lives."""
_NOTIFY = {"trigger": {"timeBeforeExpiry": "P30D"}, "action": {"type": "Notify"}}


def policy(content: Mapping[str, Any], kept: Row | None, now: datetime, *, told: bool = True) -> Row:
    """The policy that a request's body asks for; with `told`, somebody is told before the end in any case.

    Raises:
        VaultError: its times are none, or too short.
    """
    expiry = attributes.mapping(content, "attributes").get("expiryTime")
    if expiry is not None and _after(expiry, now) < now + timedelta(days=_SHORTEST):
        raise bad(f"expiryTime is at least {_SHORTEST} days.")
    actions = content.get("lifetimeActions")
    if not isinstance(actions or [], list):
        raise bad("lifetimeActions is not a list.")
    found = [_action(action, expiry, now) for action in actions or []]
    if told and not any(action["action"]["type"] == "Notify" for action in found):
        found.append(_NOTIFY)
    created = kept["created"] if kept else attributes.seconds(now)
    return {"actions": found, "expiry": expiry, "created": created, "updated": attributes.seconds(now)}


def shown(url: str, kept: Row | None, *, told: bool = True) -> dict[str, Any]:
    """The policy as a client gets it; with `told`, one that nobody set says that somebody is told before the end."""
    if kept is None:
        return {"id": f"{url}/rotationpolicy", "lifetimeActions": [_NOTIFY] if told else [], "attributes": {}}
    times = {"expiryTime": kept["expiry"], "created": kept["created"], "updated": kept["updated"]}
    return {"id": f"{url}/rotationpolicy", "lifetimeActions": kept["actions"], "attributes": times}


def due(kept: Row | None, version: Mapping[str, Any], now: datetime) -> bool:
    """True when the newest version is to be followed by another."""
    for action in kept["actions"] if kept else ():
        if action["action"]["type"] != "Rotate":
            continue
        made = datetime.fromtimestamp(version["created"], now.tzinfo)
        after, before = action["trigger"].get("timeAfterCreate"), action["trigger"].get("timeBeforeExpiry")
        if after and _after(after, made) <= now:
            return True
        if before and "exp" in version and _after(before, now) >= datetime.fromtimestamp(version["exp"], now.tzinfo):
            return True
    return False


def end(kept: Row | None, now: datetime) -> dict[str, int]:
    """When a version that is made now ends, as an attribute; nothing when it does not."""
    return {"exp": attributes.seconds(_after(kept["expiry"], now))} if kept and kept["expiry"] else {}


def _action(content: Any, expiry: str | None, now: datetime) -> dict[str, Any]:
    if not isinstance(content, dict):
        raise bad("A lifetime action is not an object.")
    asked = str(attributes.mapping(content, "action").get("type"))
    type_ = next((t for t in ("Rotate", "Notify") if t.casefold() == asked.casefold()), "")
    trigger = attributes.mapping(content, "trigger")
    times = {name: trigger[name] for name in ("timeAfterCreate", "timeBeforeExpiry") if trigger.get(name) is not None}
    if not type_ or len(times) != 1:
        raise bad("A lifetime action is Rotate or Notify, with one of timeAfterCreate and timeBeforeExpiry.")
    if "timeBeforeExpiry" in times and expiry is None and type_ == "Rotate":
        raise bad("timeBeforeExpiry needs an expiryTime.")
    if any(_after(time, now) < now + timedelta(days=_LEAST) for time in times.values()):
        raise bad(f"A lifetime action's time is at least {_LEAST} days.")
    return {"trigger": times, "action": {"type": type_}}


def _after(duration: Any, moment: datetime) -> datetime:
    """The moment that a duration such as ``P1Y6M`` ends.

    Raises:
        VaultError: it is none.
    """
    found = _DURATION.fullmatch(duration) if isinstance(duration, str) else None
    if found is None:
        raise bad("A time is an ISO 8601 duration of years, months, weeks or days, such as P90D.")
    years, months, weeks, days = (int(part or 0) for part in found.groups())
    month = moment.month - 1 + months
    year, month = moment.year + years + month // 12, month % 12 + 1
    if year > 9000:
        raise bad("The duration is too long.")
    day = min(moment.day, calendar.monthrange(year, month)[1])
    return moment.replace(year=year, month=month, day=day) + timedelta(days=7 * weeks + days)
