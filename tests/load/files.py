"""`python -m tests.load.files`: a file of contacts into a whole installation, out of it, and taken back.

Beside the import stands what PostgreSQL's own COPY takes for the same rows into the same tables.
"""

import argparse
import time

import psycopg
from psycopg import sql

from tests.installation import running

HEADER = "Имя;Фамилия;Компания;Электронная почта;Мобильный телефон\n"
BUSY = ("QUEUED", "RUNNING", "UNDOING")
TABLES = ("contact", "outbox")


def people(count):
    """A Russian file, as Excel writes one."""
    rows = (f"Иван{i % 997};Щукин{i};ООО Насосы {i % 500};ivan{i}@example.com;+7916{i:07d}\n" for i in range(count))
    return (HEADER + "".join(rows)).encode("cp1251")


class Bench:
    """An installation with its owner."""

    def __init__(self, installation):
        self.installation = installation
        self.token = installation.sign_in()

    def ask(self, method, path, body=None):
        """Calls the API."""
        status, answer = self.installation.call(method, f"/v1/{path}", body, self.token)
        assert status == 200, answer
        return answer

    def upload(self, data):
        """Brings a file along; returns the import."""
        path = "/v1/contactImports:upload?fileName=people.csv"
        status, answer = self.installation.send("POST", path, data, "text/csv", self.token)
        assert status == 200, answer
        return answer

    def over(self, name):
        """Waits until a job is over; returns it."""
        while (job := self.ask("GET", name))["state"] in BUSY:
            time.sleep(0.2)
        return job

    def imported(self, count):
        """Imports so many rows; returns the import and the seconds."""
        job = self.upload(people(count))
        began = time.monotonic()
        self.ask("POST", f"{job['name']}:start", {})
        return self.over(job["name"]), time.monotonic() - began

    def copied(self):
        """Returns the seconds that COPY takes for what is in the tables of an import, indexes included."""
        seconds = 0.0
        with psycopg.connect(self.installation.database("contacts"), autocommit=True) as database:
            for table in TABLES:
                names = {"of": sql.Identifier(table), "to": sql.Identifier(f"{table}_again")}
                database.execute(sql.SQL("CREATE TABLE {to} (LIKE {of} INCLUDING ALL)").format(**names))
                with database.cursor() as cursor:
                    with cursor.copy(sql.SQL("COPY {of} TO STDOUT (FORMAT binary)").format(**names)) as out:
                        rows = [bytes(piece) for piece in out]
                    began = time.monotonic()
                    with cursor.copy(sql.SQL("COPY {to} FROM STDIN (FORMAT binary)").format(**names)) as into:
                        for piece in rows:
                            into.write(piece)
                    seconds += time.monotonic() - began
                database.execute(sql.SQL("DROP TABLE {to}").format(**names))
        return seconds


def main():
    """Measures, and prints a line each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--undone", type=int, default=10_000)
    given = parser.parse_args()
    with running() as installation:
        bench = Bench(installation)
        job, seconds = bench.imported(given.undone)
        began = time.monotonic()
        bench.ask("POST", f"{job['name']}:undo", {})
        print(f"undoing {bench.over(job['name'])['undoneCount']} contacts: {time.monotonic() - began:.1f} s")
        job, seconds = bench.imported(given.rows)
        copy = bench.copied()
        print(f"importing {job['createdCount']} contacts: {seconds:.1f} s, {seconds / copy:.1f} x COPY ({copy:.1f} s)")
        began = time.monotonic()
        export = bench.over(bench.ask("POST", "exports", {"kind": "CONTACTS"})["name"])
        print(f"exporting {export['rowCount']} contacts: {time.monotonic() - began:.1f} s")


if __name__ == "__main__":
    main()
