"""What symmetric keys can do; managed HSMs alone have them.

Source: learn.microsoft.com/azure/key-vault/keys/about-keys-details (symmetric key algorithms); RFC 3394
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import InvalidUnwrap, aes_key_unwrap, aes_key_wrap

from ringfence.twin.vault.errors import bad

if TYPE_CHECKING:
    from collections.abc import Mapping

_BLOCK = 16
_NONCE = 12


def work(key: bytes, doing: str, algorithm: str, value: bytes, beside: Mapping[str, bytes]) -> dict[str, bytes]:
    """The result of encrypt, decrypt, wrapKey or unwrapKey, with what has to be kept beside it.

    Raises:
        VaultError: the key knows no such algorithm, or the value does not fit.
    """
    size, mode = f"A{len(key) * 8}", algorithm[4:]
    wraps = doing in ("wrapKey", "unwrapKey")
    if algorithm[:4] != size or mode not in (("KW",) if wraps else ("GCM", "CBC", "CBCPAD")):
        raise bad(f"The key cannot {doing} with the algorithm that is named.")
    closes = doing in ("wrapKey", "encrypt")
    try:
        if wraps:
            return {"value": aes_key_wrap(key, value) if closes else aes_key_unwrap(key, value)}
        if mode == "GCM":
            return _closed(key, value, beside) if closes else _opened(key, value, beside)
        iv = beside.get("iv", b"")
        found = _chained(key, value, iv, closes=closes, padded=mode == "CBCPAD")
        return {"value": found, "iv": iv} if closes else {"value": found}
    except (ValueError, InvalidTag, InvalidUnwrap):
        raise bad(f"The value, or what is beside it, is none that {doing} can take.") from None


def _closed(key: bytes, value: bytes, beside: Mapping[str, bytes]) -> dict[str, bytes]:
    """The module chooses the nonce: one that a client chose could come twice."""
    nonce = os.urandom(_NONCE)
    found = AESGCM(key).encrypt(nonce, value, beside.get("aad"))
    return {"value": found[:-_BLOCK], "iv": nonce, "tag": found[-_BLOCK:]}


def _opened(key: bytes, value: bytes, beside: Mapping[str, bytes]) -> dict[str, bytes]:
    if len(beside.get("tag", b"")) != _BLOCK:
        raise ValueError("tag")
    return {"value": AESGCM(key).decrypt(beside.get("iv", b""), value + beside["tag"], beside.get("aad"))}


def _chained(key: bytes, value: bytes, iv: bytes, *, closes: bool, padded: bool) -> bytes:
    """CBC; without padding a text is filled up with zeros, which stay when it is opened."""
    cipher = Cipher(algorithms.AES(key), modes.CBC(iv))
    if closes:
        fill = padding.PKCS7(_BLOCK * 8).padder()
        whole = fill.update(value) + fill.finalize() if padded else value + bytes(-len(value) % _BLOCK)
        work = cipher.encryptor()
        return work.update(whole) + work.finalize()
    undo = cipher.decryptor()
    whole = undo.update(value) + undo.finalize()
    if not padded:
        return whole
    strip = padding.PKCS7(_BLOCK * 8).unpadder()
    return strip.update(whole) + strip.finalize()
