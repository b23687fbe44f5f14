"""Leases: one client writes alone, for 15 to 60 seconds or until it lets go.

Source: learn.microsoft.com/rest/api/storageservices/lease-blob, …/lease-container
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.record import replace
from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.things import Lease

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Standing: TypeAlias = Literal["available", "leased", "expired", "breaking", "broken"]
_FOR_EVER = -1


def standing(lease: Lease, now: datetime) -> Standing:
    """What has become of the lease."""
    if not lease.id:
        return "available"
    if lease.broken is not None:
        return "breaking" if now < lease.broken else "broken"
    return "expired" if lease.until is not None and lease.until <= now else "leased"


def locks(lease: Lease, now: datetime) -> bool:
    """Only its holder may write."""
    return standing(lease, now) in ("leased", "breaking")


def headers(lease: Lease, now: datetime) -> list[tuple[str, str]]:
    """A lease as clients see it on what is leased."""
    state = standing(lease, now)
    found = [
        ("x-ms-lease-status", "locked" if locks(lease, now) else "unlocked"),
        ("x-ms-lease-state", state),
    ]
    if state == "leased":
        found.append(("x-ms-lease-duration", "infinite" if lease.seconds == _FOR_EVER else "fixed"))
    return found


def permit(lease: Lease, given: str, now: datetime, *, writes: bool, what: Literal["Blob", "Container"]) -> None:
    """A request with the lease id that it gives may be done.

    Raises:
        StorageError: somebody else has the lease, or the id is that of none.
    """
    locked = locks(lease, now)
    if not given:
        if locked and writes:
            raise StorageError("LeaseIdMissing")
        return
    if not locked:
        code = "LeaseLost" if given.casefold() == lease.id else f"LeaseNotPresentWith{what}Operation"
        raise StorageError(code)
    if given.casefold() != lease.id:
        raise StorageError(f"LeaseIdMismatchWith{what}Operation")


def acted(lease: Lease, headers: Mapping[str, str], now: datetime) -> Lease:
    """The lease after what the request does to it.

    Raises:
        StorageError: it cannot be done to the lease as it is.
    """
    act = _ACTS.get(headers.get("x-ms-lease-action", "").casefold())
    if act is None:
        raise StorageError("InvalidHeaderValue", "x-ms-lease-action is none of acquire, renew, change, release, break.")
    return act(lease, headers, now)


def _acquire(lease: Lease, headers: Mapping[str, str], now: datetime) -> Lease:
    wanted = _id(headers, "x-ms-proposed-lease-id", required=False) or str(uuid.uuid4())
    state = standing(lease, now)
    if state == "breaking":
        raise StorageError("LeaseIsBreakingAndCannotBeAcquired" if wanted == lease.id else "LeaseAlreadyPresent")
    if state == "leased" and wanted != lease.id:
        raise StorageError("LeaseAlreadyPresent")
    seconds = _seconds(headers, "x-ms-lease-duration", range(15, 61), _FOR_EVER)
    if seconds is None:
        raise StorageError("MissingRequiredHeader", "x-ms-lease-duration")
    return _begun(wanted, seconds, now)


def _renew(lease: Lease, headers: Mapping[str, str], now: datetime) -> Lease:
    _mine(lease, _id(headers, "x-ms-lease-id"))
    if standing(lease, now) in ("breaking", "broken"):
        raise StorageError("LeaseIsBrokenAndCannotBeRenewed")
    return _begun(lease.id, lease.seconds, now)


def _change(lease: Lease, headers: Mapping[str, str], now: datetime) -> Lease:
    wanted, given = _id(headers, "x-ms-proposed-lease-id"), _id(headers, "x-ms-lease-id")
    state = standing(lease, now)
    if state == "breaking":
        raise StorageError("LeaseIsBreakingAndCannotBeChanged")
    if state != "leased":
        raise StorageError("LeaseNotPresentWithLeaseOperation")
    _mine(lease, given if given == lease.id else wanted)
    return replace(lease, id=wanted)


def _release(lease: Lease, headers: Mapping[str, str], _: datetime) -> Lease:
    _mine(lease, _id(headers, "x-ms-lease-id"))
    return Lease()


def _break(lease: Lease, headers: Mapping[str, str], now: datetime) -> Lease:
    """A lease that runs is broken when its time is over, or sooner where that is asked for."""
    state = standing(lease, now)
    if state == "available":
        raise StorageError("LeaseNotPresentWithLeaseOperation")
    if state in ("broken", "expired"):
        return replace(lease, broken=now)
    asked = _seconds(headers, "x-ms-lease-break-period", range(61))
    end = lease.broken or lease.until
    left = (end - now).total_seconds() if end is not None else asked or 0
    return replace(lease, broken=now + timedelta(seconds=left if asked is None else min(asked, left)))


def remaining(lease: Lease, now: datetime) -> int:
    """Whole seconds until a lease that is being broken is."""
    return max(0, round((lease.broken - now).total_seconds())) if lease.broken is not None else 0


def _begun(id: str, seconds: int, now: datetime) -> Lease:
    return Lease(id, seconds, None if seconds == _FOR_EVER else now + timedelta(seconds=seconds))


def _mine(lease: Lease, given: str) -> None:
    if not lease.id:
        raise StorageError("LeaseNotPresentWithLeaseOperation")
    if given != lease.id:
        raise StorageError("LeaseIdMismatchWithLeaseOperation")


def _id(headers: Mapping[str, str], name: str, *, required: bool = True) -> str:
    text = headers.get(name, "")
    if not text and not required:
        return ""
    if not text:
        raise StorageError("MissingRequiredHeader", name)
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise StorageError("InvalidHeaderValue", f"{name} is no GUID.") from None


def _seconds(headers: Mapping[str, str], name: str, allowed: range, *more: int) -> int | None:
    text = headers.get(name, "")
    if not text:
        return None
    try:
        found = int(text)
    except ValueError:
        raise StorageError("InvalidHeaderValue", f"{name} is no number.") from None
    if found not in allowed and found not in more:
        raise StorageError("InvalidHeaderValue", f"{name} is out of range.")
    return found


_ACTS: dict[str, Callable[[Lease, Mapping[str, str], datetime], Lease]] = {
    "acquire": _acquire,
    "renew": _renew,
    "change": _change,
    "release": _release,
    "break": _break,
}
