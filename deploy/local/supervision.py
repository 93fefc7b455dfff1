"""supervisord for one data folder: its configuration, and talking to it."""

import configparser
import os
import signal
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPException
from xmlrpc.client import Fault, ServerProxy

import psutil
from supervisor.xmlrpc import Faults, SupervisorTransport  # type: ignore[import-untyped]

from deploy.processes import PROGRAMS, ROOT

SOCKET = "supervisor.sock"
# Every process we start carries the data folder in this variable, so that orphans are found.
MARK = "CRM_RUN_OF"
# What has not stopped by then is killed.
STOP_SECONDS = 15
START = 'set -a; . "$0"; exec "$@"'


@dataclass(frozen=True)
class Program:
    """A process under supervision. Those of higher rank stop first."""

    name: str
    command: list[str]
    rank: int
    user: str | None = None
    stop_signal: str = "TERM"


def configuration(folder, programs):
    """Returns supervisord's configuration."""
    conf = configparser.RawConfigParser()
    conf["supervisord"] = {
        "nodaemon": "true",
        "silent": "true",
        "logfile": folder.log("supervisor"),
        "logfile_maxbytes": "1MB",
        "logfile_backups": "1",
        "pidfile": folder.root / "supervisor.pid",
        "umask": "077",
        **({"user": "root"} if os.geteuid() == 0 else {}),
    }
    # Paths of sockets may have 107 characters; this one is short, wherever the folder is.
    conf["unix_http_server"] = {"file": f"/proc/self/cwd/{SOCKET}", "chmod": "0600"}
    conf["rpcinterface:supervisor"] = {
        "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
    }
    for program in programs:
        conf[f"program:{program.name}"] = _section(folder, program)
    return conf


def _section(folder, program):
    file = folder.env_file(program.name)
    settings = ["/bin/sh", "-c", START, file] if file.exists() else []
    section = {
        "command": " ".join(_quoted(word) for word in [*settings, *program.command]),
        "directory": "/" if program.user else ROOT,
        "environment": f"{MARK}={_quoted(folder.root)}",
        "priority": program.rank,
        "autostart": "false",
        "autorestart": "true",
        "startsecs": "1",
        "startretries": "1000000",
        "stopsignal": program.stop_signal,
        "stopwaitsecs": str(STOP_SECONDS),
        "killasgroup": "true",
        "redirect_stderr": "true",
        "stdout_logfile": _escaped(folder.log(program.name)),
        "stdout_logfile_maxbytes": "10MB",
        "stdout_logfile_backups": "3",
    }
    return section | ({"user": program.user} if program.user else {})


def _escaped(text):
    return str(text).replace("%", "%%")


def _quoted(word):
    return '"' + _escaped(word).replace("\\", "\\\\").replace('"', '\\"') + '"'


class Remote:
    """The remote control of the supervisord of a data folder, whoever started it."""

    def __init__(self, folder):
        self.folder = folder

    def call(self, method, *arguments):
        """Calls a method of supervisord's; on a new connection, for its client does not get over a broken one.

        OSError says that there is none that answers.
        """
        directory = os.open(self.folder.root, os.O_PATH)
        try:
            transport = SupervisorTransport(None, None, f"unix:///proc/self/fd/{directory}/{SOCKET}")
            return getattr(ServerProxy("http://127.0.0.1", transport).supervisor, method)(*arguments)
        except HTTPException as error:
            # It died while it answered.
            raise ConnectionError(str(error)) from error
        finally:
            os.close(directory)

    def answers(self):
        """Whether supervisord listens yet."""
        try:
            self.states()
        except OSError:
            return False
        return True

    def start(self, *names):
        """Starts processes, without waiting until they are up."""
        for name in names:
            try:
                self.call("startProcess", name, False)
            except Fault as fault:
                # It died at once and is being retried; whoever waits for it will tell.
                if fault.faultCode not in (Faults.ALREADY_STARTED, Faults.SPAWN_ERROR):
                    raise

    def states(self):
        """Returns what supervisord knows of each process, by name."""
        return {info["name"]: info for info in self.call("getAllProcessInfo")}


class Supervisor(Remote):
    """A supervisord of our own."""

    def __init__(self, folder, programs):
        super().__init__(folder)
        self.programs = programs
        with open(folder.supervisor_conf, "w", encoding="utf-8") as file:
            configuration(folder, programs).write(file)
        # In a session of its own: Ctrl-C is for us, who stop the others in order.
        self.process = subprocess.Popen(
            [PROGRAMS / "supervisord", "-c", folder.supervisor_conf],
            cwd=folder.root,
            # Settings of ours reach each process through its own file only.
            env=_without_settings() | {MARK: str(folder.root)},
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def alive(self):
        """Whether supervisord itself still runs."""
        return self.process.poll() is None

    def stop(self):
        """Stops all of a rank at once, the highest rank first, then supervisord itself with whatever did not stop."""
        with suppress(OSError, TimeoutError):
            for rank in sorted({program.rank for program in self.programs}, reverse=True):
                self._stop([program.name for program in self.programs if program.rank == rank])
        if self.alive():
            self.process.terminate()
        self.process.wait()

    def _stop(self, names):
        for name in names:
            with suppress(Fault):  # of what does not run
                self.call("stopProcess", name, False)
        wait(lambda: all(self.states()[name]["pid"] == 0 for name in names), "stopping", STOP_SECONDS + 5, self.alive)


def _without_settings():
    """Returns our environment without settings, and without what would have every process compile all it imports."""
    unwanted = ("CRM_", "PYTHONDONTWRITEBYTECODE")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}


def left_over(folder):
    """Returns the processes that belong to a data folder, of whatever run."""
    # PostgreSQL's own processes write over their environment, but they live in their cluster.
    cluster = str((folder.root / "postgres").resolve())
    return [each for each in psutil.process_iter() if each.pid != os.getpid() and _belongs(each, folder, cluster)]


def _belongs(process, folder, cluster):
    try:
        marked = process.environ().get(MARK) == str(folder.root)
        return marked or (process.name() == "postgres" and process.cwd() == cluster)
    except psutil.Error:
        return False


def stop_left_over(folder):
    """Ends what a killed run left behind: gently, then not; what restarts the others goes first."""
    for chosen, how in (
        (lambda process: process.name() == "supervisord", signal.SIGKILL),
        (lambda process: process.name() != "postgres", signal.SIGTERM),
        (lambda process: True, signal.SIGINT),
        (lambda process: True, signal.SIGKILL),
    ):
        doomed = [process for process in left_over(folder) if chosen(process)]
        for process in doomed:
            _signal(process, how)
        psutil.wait_procs(doomed, timeout=8)
    (folder.root / SOCKET).unlink(missing_ok=True)


def _signal(process, how):
    try:
        process.send_signal(how)
    except psutil.NoSuchProcess:
        return


def wait(fact, what, seconds, alive=lambda: True):
    """Waits until `fact()` holds; TimeoutError naming `what` if it does not in time."""
    end = time.monotonic() + seconds
    while not fact():
        if time.monotonic() > end or not alive():
            raise TimeoutError(f"{what} did not start within {seconds} s")
        time.sleep(0.1)
