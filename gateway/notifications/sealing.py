"""What must not be read out of the database: the server's password, and what stands in mail that is still to leave."""

import hashlib
import hmac
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken

PURPOSE = b"rapport notifications"


def seal(secret, text):
    """Returns a text so that only who knows the installation's secret can read it."""
    return _key(secret).encrypt(text.encode())


def unseal(secret, sealed):
    """Returns what was sealed; "" if it was under another secret."""
    try:
        return _key(secret).decrypt(sealed).decode()
    except InvalidToken:
        return ""


def _key(secret):
    return Fernet(urlsafe_b64encode(hmac.digest(secret, PURPOSE, hashlib.sha256)))
