"""What keys can do: the algorithms of RSA and elliptic curve keys. Symmetric ones are for managed HSMs.

Source: learn.microsoft.com/azure/key-vault/keys/about-keys-details (cryptographic protection); RFC 7518
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import (
    Prehashed,
    decode_dss_signature,
    encode_dss_signature,
)

from ringfence.twin.vault.errors import VaultError, bad

if TYPE_CHECKING:
    from ringfence.twin.vault.jwk import Public

_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "256": hashes.SHA256,
    "384": hashes.SHA384,
    "512": hashes.SHA512,
}
_CURVES: dict[str, tuple[str, type[hashes.HashAlgorithm]]] = {
    "ES256": ("secp256r1", hashes.SHA256),
    "ES384": ("secp384r1", hashes.SHA384),
    "ES512": ("secp521r1", hashes.SHA512),
    "ES256K": ("secp256k1", hashes.SHA256),
}
_ENCRYPTION = {
    "RSA1_5": padding.PKCS1v15(),
    "RSA-OAEP": padding.OAEP(padding.MGF1(hashes.SHA1()), hashes.SHA1(), None),
    "RSA-OAEP-256": padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), None),
}


def work(key: Any, doing: str, algorithm: str, value: bytes) -> bytes:
    """The result of encrypt, decrypt, wrapKey, unwrapKey or sign.

    Raises:
        VaultError: the key knows no such algorithm, or the value does not fit.
    """
    if doing == "sign":
        return _signed(key, algorithm, value)
    if not isinstance(key, rsa.RSAPrivateKey) or algorithm not in _ENCRYPTION:
        raise _unsupported(doing, algorithm)
    try:
        if doing in ("encrypt", "wrapKey"):
            return key.public_key().encrypt(value, _ENCRYPTION[algorithm])
        return key.decrypt(value, _ENCRYPTION[algorithm])
    except ValueError:
        raise VaultError(400, "BadParameter", f"The value is none that {doing} with {algorithm} can take.") from None


def verify(key: Public, algorithm: str, digest: bytes, signature: bytes) -> bool:
    """Whether the signature is one of the digest by the key.

    Raises:
        VaultError: the key knows no such algorithm, or the digest has the wrong length.
    """
    try:
        if isinstance(key, rsa.RSAPublicKey):
            fill, hash_ = _rsa(algorithm, digest)
            key.verify(signature, digest, fill, Prehashed(hash_))
        else:
            hash_ = _ec(key.curve.name, algorithm, digest)
            key.verify(_as_der(signature), digest, ec.ECDSA(Prehashed(hash_)))
    except (InvalidSignature, ValueError):
        return False
    return True


def hash_of(key: Any) -> hashes.HashAlgorithm:
    """What a key signs certificates with."""
    if isinstance(key, ec.EllipticCurvePrivateKey):
        return next(made() for curve, made in _CURVES.values() if curve == key.curve.name)
    return hashes.SHA256()


def _signed(key: Any, algorithm: str, digest: bytes) -> bytes:
    if isinstance(key, rsa.RSAPrivateKey):
        fill, hash_ = _rsa(algorithm, digest)
        return key.sign(digest, fill, Prehashed(hash_))
    hash_ = _ec(key.curve.name, algorithm, digest)
    r, s = decode_dss_signature(key.sign(digest, ec.ECDSA(Prehashed(hash_))))
    length = (key.curve.key_size + 7) // 8
    return r.to_bytes(length, "big") + s.to_bytes(length, "big")


def _as_der(signature: bytes) -> bytes:
    half = len(signature) // 2
    return encode_dss_signature(int.from_bytes(signature[:half], "big"), int.from_bytes(signature[half:], "big"))


def _rsa(algorithm: str, digest: bytes) -> tuple[padding.AsymmetricPadding, hashes.HashAlgorithm]:
    made = _HASHES.get(algorithm[2:])
    if made is None or algorithm[:2] not in ("RS", "PS"):
        raise _unsupported("sign", algorithm)
    hash_ = made()
    _need_length(digest, hash_)
    return (padding.PKCS1v15() if algorithm[:2] == "RS" else padding.PSS(padding.MGF1(hash_), hash_.digest_size)), hash_


def _ec(curve: str, algorithm: str, digest: bytes) -> hashes.HashAlgorithm:
    wanted, made = _CURVES.get(algorithm, ("", hashes.SHA256))
    if wanted != curve:
        raise _unsupported("sign", algorithm)
    hash_ = made()
    _need_length(digest, hash_)
    return hash_


def _need_length(digest: bytes, hash_: hashes.HashAlgorithm) -> None:
    if len(digest) != hash_.digest_size:
        raise bad(f"A digest for this algorithm has {hash_.digest_size} bytes.")


def _unsupported(doing: str, algorithm: str) -> VaultError:
    known = algorithm if algorithm.isascii() and len(algorithm) < 32 and algorithm.isprintable() else "that is named"
    return bad(f"The key cannot {doing} with the algorithm {known}.")
