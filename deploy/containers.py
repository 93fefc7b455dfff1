"""Secrets of an installation in containers: one folder for each process, to be mounted at /run/secrets.

The passwords are made once and kept in `made`; the rest is written from them. The folder itself is closed, what is in
it is readable: in a container another user reads it.
"""

import json
import shutil
from pathlib import Path

from deploy import broker, secrets
from deploy.processes import databases, processes

MADE = "made"
SIGNING_KEY = "signing-key.json"
CLUSTER = "cluster"
NODES = ("nats-1", "nats-2", "nats-3")
DATABASE = """\
create role {name} login password '{password}';
create database {name} owner {name};
revoke all on database {name} from public;
\\connect {name}
create extension if not exists pg_trgm;
"""


def make_secrets(folder, postgres, nats):
    """Makes what is missing for an installation whose PostgreSQL and NATS are at these addresses."""
    folder = Path(folder)
    made = folder / MADE
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    secrets.make(made)
    secrets.keep_password(made, broker.secret_name(CLUSTER))
    for process in processes():
        _write(folder / process.name, _settings(made, process.database, process.account, postgres, nats))
        _copy_keys(made, folder / process.name, process.issuer)
    _write(folder / "provision", {"CRM_NATS_URL": _bus(made, broker.BOOT, nats)})
    _write(folder / "postgres", {"password": _read(made, "database-postgres"), "databases.sql": _roles(made)})
    _write(folder / "nats", {"passwords.env": _nats_environment(made)})


def _read(made, name):
    return secrets.read(made, name)


def _bus(made, account, nats):
    return f"nats://{account}:{_read(made, broker.secret_name(account))}@{nats}"


def _settings(made, database, account, postgres, nats):
    password = _read(made, f"database-{database}")
    return {
        "CRM_DATABASE_URL": f"postgresql+psycopg://{database}:{password}@{postgres}/{database}",
        "CRM_NATS_URL": _bus(made, account, nats),
    }


def _copy_keys(made, target, issuer):
    copies = {secrets.PUBLIC_KEYS: secrets.PUBLIC_KEYS, secrets.SECRET_KEY: secrets.SECRET_KEY}
    if issuer:
        copies[secrets.key_file(issuer)] = SIGNING_KEY
    for source, name in copies.items():
        shutil.copyfile(made / source, target / name)
        (target / name).chmod(0o644)


def _roles(made):
    """Returns what makes the databases, a role for each, in a new PostgreSQL."""
    return "".join(DATABASE.format(name=name, password=_read(made, f"database-{name}")) for name in databases())


def _nats_environment(made):
    """Returns the variables that nats/users.conf and nats/cluster.conf ask for."""
    passwords = {broker.password_variable(user): _read(made, broker.secret_name(user)) for user in broker.permissions()}
    cluster = _read(made, broker.secret_name(CLUSTER))
    routes = json.dumps([f"nats://{CLUSTER}:{cluster}@{node}:6222" for node in NODES])
    variables = {**passwords, broker.password_variable(CLUSTER): cluster, "NATS_ROUTES": routes}
    return "".join(f"{name}={value}\n" for name, value in variables.items())


def _write(folder, files):
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")
        (folder / name).chmod(0o644)
