"""Secrets that we must be able to read again: encrypted (AES-256-GCM) with a key that is not in the database."""

import os

import structlog
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from chassis.errors import FailedPrecondition

log = structlog.get_logger()
KEY_ID, NONCE = 4, 12


def seal(settings, purpose, text):
    """The text, encrypted for one purpose (`totp of users/3`): moved to another row it cannot be read.

    In front stands which secret key it was, so that a wrong one is told from something that was tampered with.
    """
    nonce = os.urandom(NONCE)
    return _key_id(settings) + nonce + _cipher(settings, purpose).encrypt(nonce, text.encode(), None)


def unseal(settings, purpose, sealed):
    """The text again. Refuses with SECRET_UNREADABLE what was sealed with another key or for something else."""
    key_id, nonce, content = sealed[:KEY_ID], sealed[KEY_ID : KEY_ID + NONCE], sealed[KEY_ID + NONCE :]
    try:
        # What is too short to hold a nonce is no more readable than what was changed.
        return _cipher(settings, purpose).decrypt(nonce, content, None).decode()
    except (InvalidTag, ValueError):
        known = key_id == _key_id(settings)
        problem = "it was changed or moved" if known else "it was encrypted with another CRM_SECRET_KEY_FILE"
        log.error("secret_unreadable", purpose=purpose.partition(" of ")[0], problem=problem, key_id=key_id.hex())
    raise FailedPrecondition(
        "a secret that is kept here cannot be read with the present key; tell whoever runs this installation",
        "SECRET_UNREADABLE",
    )


def _key_id(settings):
    return _derived(settings, KEY_ID, "key id")


def _cipher(settings, purpose):
    return AESGCM(_derived(settings, 32, f"for {purpose}"))


def _derived(settings, length, about):
    return HKDF(SHA256(), length, salt=None, info=f"rapport {about}".encode()).derive(settings.secret_key)
