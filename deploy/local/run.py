"""One run of the whole suite on this machine: start in order, watch, stop in order."""

import os
import signal
import subprocess
import time
import urllib.request
from contextlib import contextmanager
from datetime import UTC, datetime
from urllib.error import URLError

from deploy.local import supervision, topology
from deploy.local.database import Cluster
from deploy.local.folder import NotReadyError
from deploy.processes import PROGRAMS, ROOT

RUNNING = 20  # supervisord's number of the state
READY_SECONDS = 60
ASKING_TO_STOP = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopped(BaseException):
    """Somebody asked us to stop."""


def up(folder, site):
    """Runs everything with the data of `folder` until we are asked to stop."""
    os.umask(0o077)
    with folder.held(), _asked_to_stop():
        try:
            # supervisord itself may be killed: then what it left is ended, and all begins again.
            while True:
                _run(folder, site)
                say("the supervisor died; starting everything again")
        except Stopped:
            say("stopped")


def _run(folder, site):
    """Starts everything and watches it until supervisord dies."""
    supervision.stop_left_over(folder)
    folder.prepare()
    cluster = Cluster(folder)
    cluster.make()
    plan = topology.Topology(folder, cluster, site)
    plan.write_environments()
    folder.remember(url=site.url)
    supervisor = supervision.Supervisor(folder, plan.programs())
    try:
        _start(plan, supervisor)
        _watch(folder, supervisor)
    finally:
        with _undisturbed():
            supervisor.stop()


def _start(plan, supervisor):
    """Starts the database and the broker, brings them up to date, then starts the rest."""
    port = plan.ports[topology.POSTGRES]
    supervision.wait(supervisor.answers, "supervisord", 10, supervisor.alive)
    supervisor.start(topology.POSTGRES, topology.NATS)
    try:
        supervision.wait(lambda: plan.cluster.answers(port), "PostgreSQL", 30, supervisor.alive)
        supervision.wait(lambda: fetched(plan.nats_health()), "NATS", 30, supervisor.alive)
    except TimeoutError:
        _explain(plan.folder, supervisor)
        raise
    plan.cluster.make_databases(port)
    _bring_up_to_date(plan.folder, plan.cluster.outdated(port))
    supervisor.start(*(each.name for each in plan.programs() if each.rank >= topology.SERVICE_RANK))
    _await_all(plan, supervisor)


def _await_all(plan, supervisor):
    """Waits until all of it answers; says so, or what does not start. What is slow is not given up."""
    try:
        supervision.wait(lambda: fetched(plan.readiness()), "Rapport", READY_SECONDS, supervisor.alive)
    except TimeoutError:
        _explain(plan.folder, supervisor)
        say(f"not ready after {READY_SECONDS} s; still trying. Logs: {plan.folder.logs}")
        return
    say(f"ready at {plan.site.url}   (data: {plan.folder.root}; Ctrl-C stops)")


def _bring_up_to_date(folder, outdated):
    """Migrates databases and makes the stream, in processes that give their memory back."""
    tasks = [["provision"], *([["migrate", *outdated]] if outdated else [])]
    commands = [[PROGRAMS / "crm", *task, "--data", folder.root] for task in tasks]
    running = [subprocess.Popen(command, cwd=ROOT, env=_environment()) for command in commands]
    failed = [process.args for process in running if process.wait() != 0]
    if failed:
        raise NotReadyError("the databases or the stream could not be brought up to date")


def _environment():
    """Returns our environment without settings that would win over those of the data folder."""
    return {name: value for name, value in os.environ.items() if name not in ("CRM_DATABASE_URL", "CRM_NATS_URL")}


def _explain(folder, supervisor):
    """Says which processes do not run, and what they said last."""
    for name, info in supervisor.states().items():
        if info["state"] != RUNNING:
            say(f"{name} does not start: {folder.last_words(name)}")


def _watch(folder, supervisor):
    """Tells of every process that dies, until supervisord itself does."""
    known: dict = {}
    while supervisor.alive():
        try:
            states = supervisor.states()
        except OSError:
            continue
        for name, info in states.items():
            before = known.get(name)
            if before and before["state"] == RUNNING and (info["state"] != RUNNING or info["pid"] != before["pid"]):
                say(f"{name} ended and is started again; its last line: {folder.last_words(name)}")
        known = states
        time.sleep(1)


def say(text):
    """Prints one line for whoever watches the console."""
    print(f"{datetime.now(UTC).astimezone():%H:%M:%S} rapport: {text}", flush=True)


def fetched(url):
    """Whether an address answers 200."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310
            return response.status == 200
    except (URLError, OSError, ValueError):
        return False


@contextmanager
def _asked_to_stop():
    """Turns Ctrl-C, SIGTERM and a closed terminal into `Stopped`."""

    def stop(number, frame):
        raise Stopped

    before = {number: signal.signal(number, stop) for number in ASKING_TO_STOP}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _undisturbed():
    """Has who asks us to stop wait: a second Ctrl-C must not leave half of it running, nor be lost."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, ASKING_TO_STOP)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
