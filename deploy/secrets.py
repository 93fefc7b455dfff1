"""Keys and passwords of one installation: made once, kept in files that only their owner reads."""

import json
import os
import secrets
from pathlib import Path

from joserfc.jwk import OKPKey

from deploy import broker
from deploy.processes import databases, issuers

PUBLIC_KEYS = "public-keys.json"
SECRET_KEY = "secret-key"  # noqa: S105 the name of a file
SUPERUSER = "postgres"


def write_private(path, text):
    """Writes a file that nobody but its owner may read, whole or not at all."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)


def key_file(issuer):
    """The name of the file with the private key of an issuer."""
    return f"{issuer.replace('/', '-')}.key.json"


def make(folder):
    """Makes every key and password that `folder` does not hold yet."""
    folder = Path(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    roles = [f"database-{name}" for name in [*databases(), SUPERUSER]]
    for name in [*roles, *map(broker.secret_name, broker.permissions())]:
        keep_password(folder, name)
    _keep(folder / SECRET_KEY, lambda: secrets.token_urlsafe(48))
    for issuer in issuers():
        _keep(folder / key_file(issuer), lambda issuer=issuer: _new_key(issuer))
    keys = [OKPKey.import_key(json.loads(read(folder, key_file(issuer)))) for issuer in issuers()]
    write_private(folder / PUBLIC_KEYS, json.dumps({"keys": [key.as_dict(private=False) for key in keys]}, indent=1))


def keep_password(folder, name):
    """Makes a password unless it is there."""
    # NATS reads a word that begins with a digit as a number.
    _keep(Path(folder) / name, lambda: "p" + secrets.token_hex(24))


def read(folder, name):
    """Returns one secret."""
    return (Path(folder) / name).read_text("utf-8").strip()


def _keep(path, new):
    if not path.exists():
        write_private(path, new())


def _new_key(issuer):
    return json.dumps(
        OKPKey.generate_key("Ed25519", {"kid": issuer, "use": "sig", "alg": "Ed25519"}).as_dict(private=True)
    )
