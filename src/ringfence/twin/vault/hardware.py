"""The module that holds private keys. What leaves it: results of operations, public parts, and sealed blobs.

A blob is opened by this module alone. It says of itself whether its key may be exported; that was decided when the key
was made, and nobody outside can change it. On a laptop the module is a file and this process, and stands for hardware.

Source: learn.microsoft.com/azure/key-vault/keys/about-keys, …/keys/about-keys-details (algorithms)
"""

from __future__ import annotations

import base64
import json
import os
from collections import OrderedDict
from typing import TYPE_CHECKING, Any, TypeAlias

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from ringfence.record import record
from ringfence.twin import seal
from ringfence.twin.vault import algorithms, jwk, symmetric
from ringfence.twin.vault.errors import bad, forbidden
from ringfence.twin.vault.export import bundle

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from cryptography import x509

    from ringfence.twin.vault.export import Form

Asymmetric: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Private: TypeAlias = Asymmetric | bytes
"""Bytes are a symmetric key."""
_WHERE = "vault key"
_EXPORTABLE, _SYMMETRIC = 1, 2
"""Of the byte before a key in its blob."""
_KEPT = 64
"""How many keys are kept open: opening one costs more than using it."""


@record(eq=False)
class Made:
    """A key that the module holds from now on."""

    blob: str
    public: dict[str, str]
    """Its public part, as a JSON web key: ``n`` and ``e``, or ``crv``, ``x`` and ``y``; a symmetric one has none."""
    exportable: bool
    """It may leave; decided when it was made."""


class Hardware:
    """Makes, takes in and uses keys."""

    def __init__(self, path: Path) -> None:
        self._seal = seal.kept(path)
        self._open: OrderedDict[str, tuple[Private, bool]] = OrderedDict()

    def make(self, kind: jwk.Kind, *, exportable: bool) -> Made:
        """A new key. Slow: RSA keys are looked for."""
        if kind.symmetric:
            return self._held(os.urandom(kind.size // 8), exportable)
        if kind.curve:
            return self._held(ec.generate_private_key(jwk.CURVES[kind.curve]()), exportable)
        return self._held(rsa.generate_private_key(65537, kind.size), exportable)

    def take(self, key: Private, *, exportable: bool) -> Made:
        """A key that was brought along."""
        return self._held(key, exportable)

    def again(self, blob: str) -> Made:
        """A key that the module holds already."""
        key, exportable = self._key(blob)
        return Made(blob, _public(key), exportable)

    def work(
        self, blob: str, doing: str, algorithm: str, value: bytes, beside: Mapping[str, bytes]
    ) -> dict[str, bytes]:
        """The result of an operation with the private or the public part, and what has to be kept beside it.

        Raises:
            VaultError: the key knows no such algorithm, or the value does not fit.
        """
        key = self._key(blob)[0]
        if isinstance(key, bytes):
            return symmetric.work(key, doing, algorithm, value, beside)
        return {"value": algorithms.work(key, doing, algorithm, value)}

    def verify(self, blob: str, algorithm: str, digest: bytes, signature: bytes) -> bool:
        """Whether the key signed the digest."""
        return algorithms.verify(self._asymmetric(blob).public_key(), algorithm, digest, signature)

    def certified(self, blob: str, builder: x509.CertificateBuilder) -> x509.Certificate:
        """A certificate that the key has signed."""
        return builder.sign(*self._signs(blob))

    def requested(self, blob: str, builder: x509.CertificateSigningRequestBuilder) -> x509.CertificateSigningRequest:
        """A request for a certificate, signed by the key that it is for."""
        return builder.sign(*self._signs(blob))

    def exported(self, blob: str, name: str, chain: list[x509.Certificate], form: Form) -> bytes:
        """The key with its certificates, if it may leave.

        Raises:
            VaultError: it may not.
        """
        key, exportable = self._key(blob)
        if not exportable:
            raise forbidden("The key is not exportable.")
        return bundle(name, key, chain, form)

    def sealed(self, content: Any, where: str) -> bytes:
        """Content that only this module can open again: a backup."""
        return self._seal.close(json.dumps(content).encode(), where)

    def opened(self, content: bytes, where: str) -> Any:
        """What `sealed` was given.

        Raises:
            VaultError: this module did not seal it, or for something else.
        """
        try:
            return json.loads(self._seal.open(content, where))
        except seal.BrokenSealError:
            raise bad("It is no backup that this vault can open, or one of something else.") from None

    def _held(self, key: Private, exportable: bool) -> Made:
        flags = (_EXPORTABLE if exportable else 0) | (_SYMMETRIC if isinstance(key, bytes) else 0)
        sealed = self._seal.close(bytes((flags,)) + _plain(key), _WHERE)
        return Made(base64.b64encode(sealed).decode(), _public(key), exportable)

    def _key(self, blob: str) -> tuple[Private, bool]:
        if blob not in self._open:
            plain = self._seal.open(base64.b64decode(blob), _WHERE)
            key = plain[1:] if plain[0] & _SYMMETRIC else _loaded(plain[1:])
            self._open[blob] = key, bool(plain[0] & _EXPORTABLE)
            if len(self._open) > _KEPT:
                self._open.popitem(last=False)
        self._open.move_to_end(blob)
        return self._open[blob]

    def _asymmetric(self, blob: str) -> Asymmetric:
        key = self._key(blob)[0]
        if isinstance(key, bytes):
            raise bad("A symmetric key signs nothing.")
        return key

    def _signs(self, blob: str) -> tuple[Asymmetric, Any]:
        key = self._asymmetric(blob)
        return key, algorithms.hash_of(key)


def _plain(key: Private) -> bytes:
    if isinstance(key, bytes):
        return key
    return key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _loaded(plain: bytes) -> Asymmetric:
    """It was checked when it was taken in."""
    key = serialization.load_der_private_key(plain, None, unsafe_skip_rsa_key_validation=True)
    assert isinstance(key, (rsa.RSAPrivateKey, ec.EllipticCurvePrivateKey))
    return key


def _public(key: Private) -> dict[str, str]:
    return {} if isinstance(key, bytes) else jwk.public(key.public_key())
