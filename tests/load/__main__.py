"""`make bench`: what the stack does beside what the ground it stands on does, in one run.

Machines differ and are noisy: read the ratios. Rounds of both sides are interleaved and the median round counts.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from urllib.parse import quote

import orjson

from tests.load import page, signing_in, streams
from tests.load.client import request
from tests.load.stack import COMMON, RARE, Skeleton, Stack, seed

ROUNDS = 3


def measure(port, requests, clients, seconds, status=200, *, patient=False):
    """Returns requests per second and milliseconds p50, p95, p99 of one round.

    Whoever is `patient` waits when he is asked to; to others that is a failure.
    """
    plan = {
        "host": "127.0.0.1",
        "port": port,
        "clients": clients,
        "seconds": seconds,
        "status": status,
        "patient": patient,
        "requests": [each.hex() for each in requests],
    }
    command = [sys.executable, str(Path(__file__).with_name("client.py"))]
    done = subprocess.run(command, input=json.dumps(plan), capture_output=True, text=True, check=True)
    result = json.loads(done.stdout)
    if result["failures"]:
        raise AssertionError(f"{len(result['failures'])} of {len(result['times'])} failed: {set(result['failures'])}")
    return figures(result["times"], result["seconds"])


def figures(times, seconds):
    """Returns what a table shows of many durations."""
    ordered = sorted(times)
    at = {share: ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000 for share in (0.5, 0.95, 0.99)}
    return {"rps": len(times) / seconds, "p50": at[0.5], "p95": at[0.95], "p99": at[0.99]}


def lines(stack, skeleton, token, count):
    """Returns what is measured: name → (port, requests)."""
    real, bare = stack.ports()["gateway"], skeleton.port
    who = {"Authorization": f"Bearer {token}"}
    ids = [1 + (number * 7919) % count for number in range(64)]
    person = {"kind": "PERSON", "firstName": "Ada", "lastName": "Lovelace", "emails": [{"value": "a@example.com"}]}
    body = orjson.dumps(person)

    def get(path, **headers):
        return [request("GET", path, headers)]

    return {
        "empty Flask route": (bare, get("/empty")),
        "skeleton get": (bare, [request("GET", f"/v1/contacts/{each}", {}) for each in ids]),
        "get": (real, [request("GET", f"/v1/contacts/{each}", who) for each in ids]),
        "skeleton list": (bare, get("/v1/contacts")),
        "list": (real, get("/v1/contacts?pageSize=50", **who)),
        "list at row 50 000": (real, get(f"/v1/contacts?pageSize=50&pageToken={far(stack, token, count)}", **who)),
        "search, rare": (real, get(f"/v1/contacts?pageSize=50&q={RARE}", **who)),
        "search, common": (real, get(f"/v1/contacts?pageSize=50&q={quote(COMMON)}", **who)),
        "skeleton create": (bare, [request("POST", "/v1/contacts", {}, body)]),
        "create": (real, [request("POST", "/v1/contacts", who, body)]),
    }


def far(stack, token, count):
    """Returns the token of the page at row 50 000."""
    answer, row = {"nextPageToken": ""}, 0
    while row < min(50_000, count // 2):
        answer = stack.call("GET", f"/v1/contacts?pageSize=200&pageToken={answer['nextPageToken']}", token=token)
        row += 200
    return answer["nextPageToken"]


def run(stack, skeleton, token, options):
    """Measures every line at 1 and at 16 clients, round after round; returns the median rounds."""
    plan = lines(stack, skeleton, token, options.contacts)
    table = {}
    for clients in (1, 16):
        rounds = {name: [] for name in plan}
        for _ in range(ROUNDS):
            for name, (port, requests) in plan.items():
                rounds[name].append(measure(port, requests, clients, options.seconds))
        for name, results in rounds.items():
            middle = statistics.median(result["rps"] for result in results)
            table[name, clients] = next(result for result in results if result["rps"] == middle)
    return table


TARGETS = (
    ("get", "skeleton get", 0.60),
    ("list", "skeleton list", 0.65),
    ("create", "skeleton create", 0.50),
    ("list at row 50 000", "list", 1 / 1.2),
    ("search, rare", "list", 0.50),
)


def show(table):
    """Prints the table and the ratios of its lines."""
    names = list(dict.fromkeys(name for name, _ in table))
    print("| what | clients | requests/s | p50 ms | p95 ms | p99 ms |\n|---|---:|---:|---:|---:|---:|")
    for name in names:
        for clients in (1, 16):
            row = table[name, clients]
            print(f"| {name} | {clients} | {row['rps']:.0f} | {row['p50']:.1f} | {row['p95']:.1f} | {row['p99']:.1f} |")
    print("\n| ratio at 16 clients | reached | wanted |\n|---|---:|---:|")
    for what, ground, wanted in TARGETS:
        print(f"| {what} / {ground} | {table[what, 16]['rps'] / table[ground, 16]['rps']:.2f} | ≥ {wanted:.2f} |")


def main():
    """Runs the bench."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each round")
    parser.add_argument("--streams", type=int, default=1000, help="open event streams")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="rapport-bench-") as folder, Stack(folder).running() as stack:
        token = stack.sign_in()
        seed(stack.database("contacts"), options.contacts)
        with Skeleton(stack).running() as skeleton:
            table = run(stack, skeleton, token, options)
        show(table)
        more = (page.ratios, signing_in.ratios, streams.ratios)
        for ratios in more:
            for what, reached, wanted in ratios(stack, token, options, measure):
                print(f"| {what} | {reached} | {wanted} |")


if __name__ == "__main__":
    main()
