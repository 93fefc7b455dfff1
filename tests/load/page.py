"""A page of contacts taken apart: the raw query, and the encoder against the library's own."""

import timeit

import psycopg
from crm.contacts.v1 import contacts_pb2 as pb
from google.protobuf import json_format

from gateway import encoding
from tests.load.skeleton import LIST, message

TIMES = 200


def ratios(stack, *_):
    """Returns what the parts of a page cost: (what, reached, wanted) each."""
    with psycopg.connect(stack.database("contacts"), autocommit=True) as database:
        rows = database.execute(LIST).fetchall()
        raw = _milliseconds(lambda: database.execute(LIST).fetchall())
    answer = pb.ListContactsResponse(contacts=[message(row) for row in rows[:50]])
    ours = _milliseconds(lambda: encoding.encode(answer))
    theirs = _milliseconds(
        lambda: json_format.MessageToJson(answer, always_print_fields_with_no_presence=True), TIMES // 10
    )
    return [
        ("page of 50 by raw psycopg, ms", f"{raw:.2f}", ""),
        ("page of 50: our JSON / json_format", f"{ours / theirs:.2f} ({ours:.2f} of {theirs:.2f} ms)", "≤ 0.20"),
    ]


def _milliseconds(work, times=TIMES):
    """The best of five: what it costs when nothing else happens."""
    return min(timeit.repeat(work, number=times, repeat=5)) / times * 1000
