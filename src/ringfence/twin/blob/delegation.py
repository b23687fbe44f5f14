"""User delegation keys: short-lived keys that somebody who signed in signs with, and that can do what he can.

A key is derived from whom it was given to and when, so that none is kept; it ends with its days, or when its owner
is no longer in the directory. What it signs is allowed only while he himself may do it.
Source: learn.microsoft.com/rest/api/storageservices/get-user-delegation-key, …/create-user-delegation-sas
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING

from ringfence.twin.blob.errors import StorageError
from ringfence.twin.blob.times import from_iso
from ringfence.twin.blob.xml import MalformedXmlError, document, element, elements, read
from ringfence.twin.message import Response

if TYPE_CHECKING:
    from datetime import datetime

    from ringfence.model.principal import Principal
    from ringfence.twin.blob.call import Call
    from ringfence.twin.blob.sas import Signature
    from ringfence.twin.ground import Ground

_LONGEST = timedelta(days=7)


def give(call: Call) -> Response:
    """A key of the caller's.

    Raises:
        StorageError: the days that are asked for cannot be had.
    """
    who = call.requester.caller
    if who is None:
        raise StorageError("AuthorizationFailure", "Only who signs in gets a key of his own.")
    start, expiry = _asked(call)
    first, last = from_iso(start) if start else call.now, from_iso(expiry)
    if first is None or last is None or not first < last or last <= call.now or last - call.now > _LONGEST:
        raise StorageError("InvalidInput", "A key holds for seven days from now at most, and ends after it starts.")
    fields = (who.object_id, who.tenant, _plain(first), _plain(last), "b", call.version)
    value = base64.b64encode(_derived(call.keys.delegation(call.account), fields)).decode()
    names = ("SignedOid", "SignedTid", "SignedStart", "SignedExpiry", "SignedService", "SignedVersion")
    root = element("UserDelegationKey", *elements(zip(names, fields, strict=True)), element("Value", value))
    return Response(200, document(root), (("Content-Type", "application/xml"),))


def delegated(ground: Ground, call: Call, signature: Signature) -> Principal:
    """Whose key signed what is asked for.

    Raises:
        StorageError: nobody's, or the key holds no longer.
    """
    first, last, ends = from_iso(signature["skt"]), from_iso(signature["ske"]), from_iso(signature["se"])
    if first is None or last is None:
        raise StorageError("AuthenticationFailed", "The signature does not say when its key holds.")
    fields = (signature["skoid"], signature["sktid"], _plain(first), _plain(last), signature["sks"], signature["skv"])
    signature.verify([_derived(call.keys.delegation(call.account), fields)], call.account_name, call.target)
    if not first <= call.now < last or (ends is not None and ends > last):
        raise StorageError("AuthenticationFailed", "The key that signed does not hold at this time.")
    who = ground.directory.by_object(signature["skoid"])
    if who is None or signature["sktid"] != ground.directory.tenant:
        raise StorageError("AuthenticationFailed", "Whose key signed is not in the directory any more.")
    return who


def _asked(call: Call) -> tuple[str, str]:
    try:
        root = read(call.request.body)
    except MalformedXmlError:
        raise StorageError("InvalidXmlDocument") from None
    if root.findtext("DelegatedUserTid"):
        raise StorageError("NotImplemented", "Keys for users of other tenants are not served here.")
    return root.findtext("Start", ""), root.findtext("Expiry", "")


def _plain(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _derived(secret: bytes, fields: tuple[str, ...]) -> bytes:
    return hmac.new(secret, "\n".join(fields).encode(), hashlib.sha256).digest()
