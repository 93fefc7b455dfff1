"""Secrets that we must be able to read again: encrypted with a key that is not in the database."""

import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

NONCE = 12


def seal(settings, purpose, secret):
    """The secret, encrypted for one purpose (`totp of users/3`): moved to another row it cannot be read."""
    nonce = os.urandom(NONCE)
    return nonce + _cipher(settings, purpose).encrypt(nonce, secret.encode(), None)


def unseal(settings, purpose, sealed):
    """The secret again, or "" if it was sealed for something else or with another key."""
    try:
        return _cipher(settings, purpose).decrypt(sealed[:NONCE], sealed[NONCE:], None).decode()
    except InvalidTag:
        return ""


def _cipher(settings, purpose):
    derived = HKDF(SHA256(), 32, salt=None, info=f"rapport identity: {purpose}".encode())
    return AESGCM(derived.derive(settings.secret_key))
