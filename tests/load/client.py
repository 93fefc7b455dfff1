"""A load generator: so many connections that each send one prepared request after the other, and note how long it took.

Run as a program of its own, so that its work is not the measured process's: reads a plan as JSON, prints a result.
"""

import json
import socket
import sys
import threading
import time


class Connection:
    """One keep-alive HTTP/1.1 connection."""

    def __init__(self, address):
        self.address = address
        self.open()

    def open(self):
        """Connects."""
        self.socket = socket.create_connection(self.address, timeout=30)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def exchange(self, request):
        """Sends a request; returns the status of its answer, and for how many seconds it asks to wait."""
        try:
            self.socket.sendall(request)
            head, rest = self._head()
        except ConnectionError:
            # A worker was replaced between two requests; a browser would come back too.
            self.open()
            self.socket.sendall(request)
            head, rest = self._head()
        lowered = head.lower()
        length = int(lowered.partition(b"content-length:")[2].split(b"\r\n", 1)[0] or 0)
        missing = length - len(rest)
        while missing > 0:
            missing -= len(self._received())
        if b"connection: close" in lowered:
            self.socket.close()
            self.open()
        wait = lowered.partition(b"retry-after:")[2].split(b"\r\n", 1)[0]
        return int(head[9:12]), int(wait or 0)

    def _head(self):
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._received()
        head, _, rest = data.partition(b"\r\n\r\n")
        return head + b"\r\n", rest

    def _received(self):
        data = self.socket.recv(65536)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data


def request(method, path, headers, body=b""):
    """Returns an HTTP request as bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: localhost", *(f"{name}: {value}" for name, value in headers.items())]
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def work(plan, number, end, times, failures):
    """One client: its share of the requests, again and again until the end."""
    connection = Connection((plan["host"], plan["port"]))
    requests = [bytes.fromhex(each) for each in plan["requests"]]
    turn = number
    while time.perf_counter() < end:
        began = time.perf_counter()
        status, wait = connection.exchange(requests[turn % len(requests)])
        if wait and plan["patient"]:
            # As a browser's person would: later, and on another connection.
            time.sleep(min(wait, max(0.0, end - time.perf_counter())))
            connection.socket.close()
            connection.open()
            continue
        times.append(time.perf_counter() - began)
        if status != plan["status"]:
            failures.append(status)
        turn += plan["clients"]


def main():
    """Runs a plan."""
    plan = json.load(sys.stdin)
    times: list[float] = []
    failures: list[int] = []
    end = time.perf_counter() + plan["seconds"]
    began = time.perf_counter()
    threads = [
        threading.Thread(target=work, args=(plan, number, end, times, failures)) for number in range(plan["clients"])
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    json.dump({"times": times, "failures": failures, "seconds": time.perf_counter() - began}, sys.stdout)


if __name__ == "__main__":
    main()
