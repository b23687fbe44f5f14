"""Keys as JSON web keys: their kinds, their public parts, and private ones that are brought along.

Source: RFC 7517, RFC 7518 (6.2, 6.3); learn.microsoft.com/azure/key-vault/keys/about-keys (key types)
"""

from __future__ import annotations

import base64
import binascii
from typing import TYPE_CHECKING, Any, TypeAlias

from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ringfence.record import record
from ringfence.twin.vault.errors import bad

if TYPE_CHECKING:
    from collections.abc import Mapping

Public: TypeAlias = rsa.RSAPublicKey | ec.EllipticCurvePublicKey

CURVES: dict[str, type[ec.EllipticCurve]] = {
    "P-256": ec.SECP256R1,
    "P-384": ec.SECP384R1,
    "P-521": ec.SECP521R1,
    "P-256K": ec.SECP256K1,
}
_CURVE_NAMES = {curve().name: name for name, curve in CURVES.items()}
BITS = {"P-256": 256, "P-384": 384, "P-521": 521, "P-256K": 256}
SIZES = (2048, 3072, 4096)
TYPES = ("RSA", "RSA-HSM", "EC", "EC-HSM")
SYMMETRIC = "oct-HSM"
_SYMMETRIC_SIZES = (128, 192, 256)
_LONGEST = 1024


@record()
class Kind:
    """What a key is to be like."""

    type: str
    """"RSA" or "EC", with "-HSM" behind when it never leaves hardware; "oct-HSM" is symmetric."""
    size: int = 0
    """Bits of an RSA key, or of a symmetric one."""
    curve: str = ""

    @property
    def hardware(self) -> bool:
        """It is in hardware."""
        return self.type.endswith("-HSM")

    @property
    def symmetric(self) -> bool:
        """Whoever closes with it can open with it."""
        return self.type == SYMMETRIC

    @property
    def operations(self) -> tuple[str, ...]:
        """What may be done with it when nobody says otherwise; no key of the kind can do more."""
        if self.curve:
            return ("sign", "verify")
        if self.symmetric:
            return ("encrypt", "decrypt", "wrapKey", "unwrapKey")
        return ("encrypt", "decrypt", "sign", "verify", "wrapKey", "unwrapKey")


def kind_in_module(content: Mapping[str, Any]) -> Kind:
    """The kind that a request to a managed HSM asks for: everything in it is in hardware.

    Raises:
        VaultError: it has no such kind.
    """
    asked = str(content.get("kty"))
    if asked.casefold() in ("oct", SYMMETRIC.casefold()):
        size = content.get("key_size") or _SYMMETRIC_SIZES[-1]
        if size not in _SYMMETRIC_SIZES or isinstance(size, bool):
            raise bad(f"key_size of a symmetric key is one of {', '.join(map(str, _SYMMETRIC_SIZES))}.")
        return Kind(SYMMETRIC, size)
    return kind({**content, "kty": asked if asked.upper().endswith("-HSM") else f"{asked}-HSM"})


def kind(content: Mapping[str, Any]) -> Kind:
    """The kind that a request's body, or a certificate's policy, asks for.

    Raises:
        VaultError: vaults have no such kind.
    """
    asked = content.get("kty")
    type_ = next((t for t in TYPES if isinstance(asked, str) and t.casefold() == asked.casefold()), "")
    if not type_:
        raise bad("kty is RSA, RSA-HSM, EC or EC-HSM; symmetric keys are for managed HSMs.")
    if content.get("public_exponent") not in (None, 65537):
        raise bad("public_exponent is 65537.")
    size = content.get("key_size")
    if type_.startswith("RSA"):
        if (size or SIZES[0]) not in SIZES or isinstance(size, bool):
            raise bad(f"key_size of an RSA key is one of {', '.join(map(str, SIZES))}.")
        return Kind(type_, size or SIZES[0])
    curve = content.get("crv") or "P-256"
    if not isinstance(curve, str) or curve not in CURVES:
        raise bad(f"crv is one of {', '.join(CURVES)}.")
    return Kind(type_, 0, curve)


def public(key: Public) -> dict[str, str]:
    """The public part."""
    if isinstance(key, rsa.RSAPublicKey):
        numbers = key.public_numbers()
        return {"n": encoded(_bytes(numbers.n)), "e": encoded(_bytes(numbers.e))}
    point = key.public_numbers()
    length = (key.key_size + 7) // 8
    x, y = point.x.to_bytes(length, "big"), point.y.to_bytes(length, "big")
    return {"crv": _CURVE_NAMES[key.curve.name], "x": encoded(x), "y": encoded(y)}


def private(content: Mapping[str, Any]) -> tuple[Kind, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey]:
    """A private key that is brought along, and its kind.

    Raises:
        VaultError: it is none, or none of a kind that vaults have.
    """
    asked = kind({**content, "key_size": None})
    try:
        key = _rsa(content) if asked.type.startswith("RSA") else _ec(content, asked.curve)
    except ValueError:
        raise bad("The key's parts do not make a private key.") from None
    if isinstance(key, rsa.RSAPrivateKey):
        if key.key_size not in SIZES:
            raise bad(f"An RSA key has one of {', '.join(map(str, SIZES))} bits.")
        return Kind(asked.type, key.key_size), key
    return asked, key


def symmetric(content: Mapping[str, Any]) -> tuple[Kind, bytes]:
    """A symmetric key that is brought along, and its kind.

    Raises:
        VaultError: it is none, or has another size than such keys have.
    """
    key = decoded(content, "k")
    return kind_in_module({"kty": SYMMETRIC, "key_size": len(key) * 8 or 1}), key


def kind_of(key: Any, type_: str = "") -> Kind:
    """The kind of a key that came in a certificate.

    Raises:
        VaultError: vaults have no such kind.
    """
    if isinstance(key, rsa.RSAPrivateKey) and key.key_size in SIZES:
        return Kind(type_ or "RSA", key.key_size)
    if isinstance(key, ec.EllipticCurvePrivateKey) and key.curve.name in _CURVE_NAMES:
        return Kind(type_ or "EC", 0, _CURVE_NAMES[key.curve.name])
    raise bad("Vaults have no keys of the kind, size or curve that the certificate brings.")


def _rsa(content: Mapping[str, Any]) -> rsa.RSAPrivateKey:
    n, e, d = (int.from_bytes(decoded(content, name), "big") for name in ("n", "e", "d"))
    if not content.get("p") or not content.get("q"):
        p, q = rsa.rsa_recover_prime_factors(n, e, d)
    else:
        p, q = (int.from_bytes(decoded(content, name), "big") for name in ("p", "q"))
    crt = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    return rsa.RSAPrivateNumbers(p, q, d, *crt, rsa.RSAPublicNumbers(e, n)).private_key()


def _ec(content: Mapping[str, Any], curve: str) -> ec.EllipticCurvePrivateKey:
    x, y, d = (int.from_bytes(decoded(content, name), "big") for name in ("x", "y", "d"))
    return ec.EllipticCurvePrivateNumbers(d, ec.EllipticCurvePublicNumbers(x, y, CURVES[curve]())).private_key()


def encoded(value: bytes) -> str:
    """As base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decoded(content: Mapping[str, Any], name: str, most: int = _LONGEST) -> bytes:
    """A part of the body that is base64url.

    Raises:
        VaultError: it is missing, is not base64url, or is too long.
    """
    found = content.get(name)
    if not isinstance(found, str) or not found.isascii():
        raise bad(f"{name} is missing, or is not base64url.")
    try:
        value = base64.b64decode(found.rstrip("=") + "=" * (-len(found.rstrip("=")) % 4), b"-_", validate=True)
    except binascii.Error:
        raise bad(f"{name} is not base64url.") from None
    if len(value) > most:
        raise bad(f"{name} has more than {most} bytes.")
    return value


def _bytes(number: int) -> bytes:
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
