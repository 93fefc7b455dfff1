"""What one process of a service does besides answering: relay, listen, run jobs. Whoever leads does it."""

import threading
import time

import structlog
from sqlalchemy import text

from chassis import telemetry
from chassis.bus import Bus

log = structlog.get_logger()
# Any number will do: each service has a database of its own.
LOCK = 7_269_746
LOOK = 1.0
FORGET = 3600
# How long it rests after a round of jobs, unless the round took longer: then there may be more to do.
REST = 0.2


class Background:
    """The leader's work. Every process of a service has one; it works while it holds the advisory lock."""

    def __init__(self, service):
        self.service = service
        self.leading = threading.Event()
        self.stopping = threading.Event()
        self.bus = Bus(service, self.leading)
        self.threads = []

    def start(self):
        """Starts to stand for leader."""
        self.service.wake = self.bus.wake
        self.bus.start()
        for work in (self._stand, self._run_jobs):
            thread = threading.Thread(target=work, name=work.__name__.strip("_"), daemon=True)
            thread.start()
            self.threads.append(thread)

    def stop(self):
        """Ends the work and gives the lead away."""
        self.service.wake = lambda: None
        self.stopping.set()
        self.bus.stop()
        for thread in self.threads:
            thread.join(5)

    def problems(self):
        """Returns what is wrong, by dependency; "" where nothing is."""
        return {"database": self._database_problem(), "events": self.bus.problem}

    def _database_problem(self):
        try:
            with self.service.reading.connect() as connection:
                connection.execute(text("SELECT 1"))
        except Exception as error:
            return type(error).__name__
        return ""

    def _stand(self):
        """Holds the lock, on a connection of its own, for as long as it can; looks again when somebody else has it."""
        while not self.stopping.is_set():
            try:
                with self.service.reading.connect() as connection:
                    # The lock lives and dies with its connection, which therefore never goes back to the pool.
                    connection.detach()
                    while not self.stopping.is_set():
                        leads = (
                            self.leading.is_set()
                            or connection.execute(text("SELECT pg_try_advisory_lock(:lock)"), {"lock": LOCK}).scalar()
                        )
                        self._lead(leads)
                        if self.stopping.wait(LOOK):
                            break
                        connection.execute(text("SELECT 1"))
            except Exception as error:
                log.warning("lead_lost", service=self.service.name, error=repr(error))
                self._lead(False)
                self.stopping.wait(LOOK)
        self._lead(False)

    def _lead(self, leads):
        if leads and not self.leading.is_set():
            log.info("leading", service=self.service.name)
            self.leading.set()
        elif not leads:
            self.leading.clear()
        telemetry.LEADER.labels(self.service.name).set(bool(leads))

    def _run_jobs(self):
        """Runs each job when it is due, while leading."""
        jobs = dict.fromkeys(self.service.jobs, 0.0)
        forgotten = began = 0.0
        while not self.stopping.wait(max(0.0, began + REST - time.monotonic())):
            began = time.monotonic()
            if not self.leading.is_set():
                continue
            for job, last in jobs.items():
                if time.monotonic() - last >= job.interval:
                    jobs[job] = time.monotonic()
                    self._run(job.__name__, job, job.own_transactions)
            if time.monotonic() - forgotten >= FORGET:
                forgotten = time.monotonic()
                self._run("forget", self.service.forget, True)

    def _run(self, name, job, own_transactions):
        """Runs one job; a failure is logged, and the job comes again."""
        begin = self.service.job_context()
        try:
            if own_transactions:
                job(begin)
            else:
                with begin() as tx:
                    job(tx)
        except Exception:
            log.exception("job_failed", service=self.service.name, job=name)
