"""Encryption and signatures: the only module that knows the ``cryptography`` library.

AES-256-GCM for the files (NIST SP 800-38D), Ed25519 for the seals and manifests (RFC 8032).
"""

from __future__ import annotations

import hashlib
import os

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
TAG_BYTES = 16


class WrongKey(Exception):
    """The bytes were not made with this key, or somebody changed them."""


def new_key() -> bytes:
    """A fresh random key."""
    return os.urandom(KEY_BYTES)


def fingerprint(key: bytes) -> str:
    """Eight hexadecimal digits that name a key (secret or public) without telling it."""
    return hashlib.sha256(b"hotline key " + key).hexdigest()[:8]


class Cipher:
    """AES-256-GCM under one key."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def seal(self, nonce: bytes, plain: bytes, context: bytes) -> bytes:
        """Ciphertext and tag; ``context`` is bound to it but not hidden.  A nonce is used once in a key's life."""
        return self._cipher.encrypt(nonce, plain, context)

    def open(self, nonce: bytes, sealed: bytes, context: bytes) -> bytes:
        """The plaintext.  Raises WrongKey."""
        try:
            return self._cipher.decrypt(nonce, sealed, context)
        except InvalidTag as error:
            raise WrongKey("not made with this key, or changed") from error


class Signer:
    """An Ed25519 key that signs."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """The signature, 64 bytes."""
        return self._key.sign(message)


def signed_by(public: bytes, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is that key's over ``message``; False also for keys and signatures that are none."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True
