"""Digests, UUIDs from names, and what is different at every call.

Source: github.com/hashicorp/terraform v1.11.4 internal/lang/funcs/crypto.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ringfence.model.symbol import Apply
from ringfence.readers.hcl.functions.encoding import decoded, encoded
from ringfence.readers.hcl.functions.signature import Body, Function, Refused, Topic, numeric, string

if TYPE_CHECKING:
    from ringfence.model.symbol import Value

FUNCTIONS = Topic()


def digest(algorithm: str, data: bytes) -> bytes:
    """The digest of the bytes."""
    import hashlib

    return hashlib.new(algorithm, data, usedforsecurity=False).digest()


def _digests() -> None:
    for name, algorithm, hexadecimal in (
        ("md5", "md5", True),
        ("sha1", "sha1", True),
        ("sha256", "sha256", True),
        ("sha512", "sha512", True),
        ("base64sha256", "sha256", False),
        ("base64sha512", "sha512", False),
    ):
        FUNCTIONS[name] = Function(name, (string("str"),), None, _digest(algorithm, hexadecimal), structural=False)


def _digest(algorithm: str, hexadecimal: bool) -> Body:
    def body(value: str) -> Value:
        found = digest(algorithm, value.encode())
        return found.hex() if hexadecimal else encoded(found)

    return body


_digests()

_NAMESPACES = {
    name: f"6ba7b81{i}9dad11d180b400c04fd430c8" for name, i in (("dns", 0), ("url", 1), ("oid", 2), ("x500", 4))
}


@FUNCTIONS.plain(string("namespace"), string("name"))
def uuidv5(namespace: str, name: str) -> Value:
    """The UUID of a name in a namespace, which is "dns", "url", "oid", "x500" or a UUID."""
    found = digest("sha1", bytes.fromhex(_NAMESPACES.get(namespace) or _uuid(namespace)) + name.encode())[:16]
    octets = bytes([*found[:6], found[6] & 0x0F | 0x50, found[7], found[8] & 0x3F | 0x80, *found[9:]]).hex()
    return "-".join((octets[:8], octets[8:12], octets[12:16], octets[16:20], octets[20:]))


def _uuid(value: str) -> str:
    """The digits of a UUID, which may be in braces, a URN, or without hyphens."""
    bare = value[9:] if value[:9].lower() == "urn:uuid:" else value[1:-1] if len(value) == 38 else value
    groups = bare.split("-")
    digits = "".join(groups)
    lengths = [len(g) for g in groups]
    if lengths not in ([8, 4, 4, 4, 12], [32]) or not all(c in "0123456789abcdefABCDEF" for c in digits):
        raise Refused('the namespace must be "dns", "url", "oid", "x500" or a UUID')
    return digits


@FUNCTIONS.plain()
def uuid() -> Value:
    """Kept as a call: it is different every time."""
    return Apply("uuid", ())


@FUNCTIONS.plain(string("str"), rest=numeric("cost"))
def bcrypt(*args: Value) -> Value:
    """Kept as a call: its salt is different every time."""
    if len(args) > 2:
        raise Refused(f"takes one or two arguments, not {len(args)}")
    return Apply("bcrypt", args)


@FUNCTIONS.plain(string("ciphertext"), string("privatekey"))
def rsadecrypt(ciphertext: str, key: str) -> Value:
    """The message that was encrypted with PKCS #1 v1.5 for the key; kept as a call for a key that is not plain PEM."""
    numbers = _private_key(key)
    if numbers is None:
        return Apply("rsadecrypt", (ciphertext, key))
    modulus, exponent = numbers
    size = (modulus.bit_length() + 7) // 8
    data = decoded(ciphertext)
    if len(data) > size:
        raise Refused("the message does not fit the key")
    block = pow(int.from_bytes(data), exponent, modulus).to_bytes(size)
    padding, _, message = block[2:].partition(b"\0")
    if block[:2] != b"\0\2" or len(padding) < 8 or len(padding) == size - 2:
        raise Refused("the message was not encrypted for this key")
    return message.decode("utf-8", "replace")


def _private_key(pem: str) -> tuple[int, int] | None:
    """Modulus and private exponent of an RSA key (RFC 8017 A.1.2, alone or inside RFC 5958)."""
    lines = [line.strip() for line in pem.strip().splitlines()]
    if not lines or not lines[0].endswith("PRIVATE KEY-----"):
        raise Refused("the key is not in PEM form")
    if lines[0] not in ("-----BEGIN RSA PRIVATE KEY-----", "-----BEGIN PRIVATE KEY-----") or ":" in "".join(lines):
        return None
    parts = _sequence(decoded("".join(lines[1:-1])))
    if lines[0] == "-----BEGIN PRIVATE KEY-----":
        parts = _sequence(parts[2])
    return int.from_bytes(parts[1]), int.from_bytes(parts[3])


def _sequence(data: bytes) -> list[bytes]:
    """The contents of the elements of a DER sequence."""
    content, found = _element(data)[0], []
    while content:
        element, content = _element(content)
        found.append(element)
    return found


def _element(data: bytes) -> tuple[bytes, bytes]:
    if len(data) < 2:
        raise Refused("the key cannot be read")
    size, start = data[1], 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(data[2:start])
    return data[start : start + size], data[start + size :]
