"""Shared access signatures: of an account key over an account, a container or a blob, or of a user's delegation key.

Source: learn.microsoft.com/rest/api/storageservices/create-account-sas, …/create-service-sas,
…/create-user-delegation-sas
"""

from __future__ import annotations

import ipaddress
from typing import TYPE_CHECKING, Literal, TypeAlias

from ringfence.record import record
from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.keys import same, signed
from ringfence.twin.blob.times import from_iso

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from ringfence.twin.blob.operations import Operation
    from ringfence.twin.blob.target import Target

Kind: TypeAlias = Literal["account", "service", "delegation"]

_CONTENT = ("rscc", "rscd", "rsce", "rscl", "rsct")
_DELEGATED = ("skoid", "sktid", "skt", "ske", "sks", "skv", "saoid", "suoid", "scid")
_OLDEST = "2018-11-09"
_UNREAD = ("srh", "srq", "skdutid", "sduoid", "suoid", "ses")
"""What would limit a signature in ways that are not served."""
_SCOPES, _GUESTS, _HEADERS = "2020-12-06", "2025-07-05", "2026-04-06"
"""Versions since which encryption scopes, delegated users, and headers of the request are signed too."""
_OF_CONTAINERS = ("ListBlobs", "BlobBatch", "GetAccountInformation")
"""What a signature over a container reaches beside blobs."""
_LEVELS = {"service": "s", "container": "c", "object": "o"}


@record()
class Signature:
    """What a signature says it allows."""

    fields: Mapping[str, str]
    """The parameters of the request; those of a stored access policy where it names one."""

    @property
    def kind(self) -> Kind:
        """What signed it, and over what."""
        return "account" if self["ss"] else "delegation" if self["skoid"] else "service"

    def __getitem__(self, name: str) -> str:
        return self.fields.get(name, "")

    def verify(self, keys: Iterable[bytes], account: str, target: Target) -> None:
        """One of the keys signed it, for what is asked for.

        Raises:
            StorageError: none did.
        """
        if self["sv"] < _OLDEST:
            raise StorageError("AuthenticationFailed", f"Signatures older than version {_OLDEST} are not read here.")
        unread = [name for name in _UNREAD if self[name]]
        if unread:
            raise StorageError("AuthenticationFailed", f"Signatures with {', '.join(unread)} are not read here.")
        lines = self._account(account) if self.kind == "account" else self._resource(account, target)
        text = "\n".join(lines)
        if not any(same(signed(key, text), self["sig"]) for key in keys):
            raise StorageError("AuthenticationFailed", "The signature did not match what was asked for.")

    def _account(self, account: str) -> list[str]:
        lines = [account, *(self[n] for n in ("sp", "ss", "srt", "st", "se", "sip", "spr", "sv"))]
        return [*lines, *([self["ses"]] if self["sv"] >= _SCOPES else []), ""]

    def _resource(self, account: str, target: Target) -> list[str]:
        version = self["sv"]
        lines = [self["sp"], self["st"], self["se"], self._canonical(account, target)]
        if self.kind == "delegation":
            lines += [self[n] for n in _DELEGATED]
            lines += [self["skdutid"], self["sduoid"]] if version >= _GUESTS else []
        else:
            lines.append(self["si"])
        lines += [self["sip"], self["spr"], version, self["sr"], self._moment()]
        lines += [self["ses"]] if version >= _SCOPES else []
        lines += ["", ""] if self.kind == "delegation" and version >= _HEADERS else []
        return [*lines, *(self[n] for n in _CONTENT)]

    def _canonical(self, account: str, target: Target) -> str:
        """The thing that is signed, of which what is asked for is a part."""
        steps = {"c": [], "d": target.blob.split("/")[: _whole(self["sdd"])]}.get(self["sr"], [target.blob])
        return "/".join((f"/blob/{account}", target.container, *filter(None, steps)))

    def _moment(self) -> str:
        """The snapshot or version, where the signature is over one."""
        return self[{"bs": "snapshot", "bv": "versionid"}.get(self["sr"], "")]

    def permit(self, operation: Operation, now: datetime, address: str, *, tls: bool, new: bool) -> bool:
        """It holds now, from here, for this. True when it does so only because nothing is there yet.

        Raises:
            StorageError: it does not.
        """
        self._in_time(now)
        if self["spr"] and not tls and "http" not in self["spr"].split(","):
            raise StorageError("AuthorizationProtocolMismatch")
        if self["sip"] and not _within(address, self["sip"]):
            raise StorageError("AuthorizationSourceIPMismatch")
        self._concerns(operation)
        if any(letter in self["sp"] for letter in operation.letters):
            return False
        if operation.creates and new and "c" in self["sp"]:
            return True
        raise StorageError("AuthorizationPermissionMismatch", f"It needs one of {operation.letters or 'none'}.")

    def _in_time(self, now: datetime) -> None:
        start, end = from_iso(self["st"]), from_iso(self["se"])
        if end is None or end <= now or (self["st"] and (start is None or start > now)):
            raise StorageError("AuthenticationFailed", "The signature is not valid at this time.")

    def _concerns(self, operation: Operation) -> None:
        if self.kind == "account":
            if "b" not in self["ss"]:
                raise StorageError("AuthorizationServiceMismatch")
            if _LEVELS[operation.level] not in self["srt"]:
                raise StorageError("AuthorizationResourceTypeMismatch")
            return
        if self["sr"] == "b" and (self["snapshot"] or self["versionid"]):
            raise StorageError("AuthorizationFailure", "A signature over a blob is not one over what it was.")
        if operation.level != "object" and not (self["sr"] in ("c", "d") and operation.name in _OF_CONTAINERS):
            raise StorageError("AuthorizationFailure", "A signature over a container or a blob does not reach so far.")

    def by_policy(self, policy: Mapping[str, str] | None) -> Signature:
        """With the fields of the stored access policy that it names.

        Raises:
            StorageError: there is no such policy, or both say the same thing.
        """
        if policy is None:
            raise StorageError("AuthenticationFailed", "The stored access policy that it names is not there.")
        both = [name for name in ("sp", "st", "se") if self[name] and policy.get(name)]
        if both:
            raise StorageError("AuthenticationFailed", "The signature and its policy both say the same thing.")
        return Signature({**self.fields, **{n: v for n, v in policy.items() if v}})


def _whole(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 4 else 0


def _within(address: str, allowed: str) -> bool:
    first, _, last = allowed.partition("-")
    try:
        found = ipaddress.ip_address(address)
        low, high = ipaddress.ip_address(first), ipaddress.ip_address(last or first)
    except ValueError:
        return False
    return found.version == low.version == high.version and int(low) <= int(found) <= int(high)
