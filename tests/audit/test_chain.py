"""One flipped byte is found, wherever it is; and so is a line that is missing, added, or out of place."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from joserfc.jwk import OKPKey

from chassis.identity import Signer
from chassis.testing import keys
from gateway.audit import chain


@pytest.fixture(scope="module")
def house():
    """The keys of two installations."""
    return keys("services/audit", "services/contacts"), keys("services/audit")


def entry(number, previous, **more):
    told = dict.fromkeys(chain.FIELDS, "") | {"number": number, "title": "Ёлкин", "changes": [], **more}
    return {**told, "previous_hash": previous, "hash": chain.hash_of(previous, told)}


def entries(*titles):
    """Some entries that follow one another."""
    made, previous = [], ""
    for number, title in enumerate(titles, 1):
        made.append(entry(number, previous, title=title))
        previous = made[-1]["hash"]
    return made


def export(house, told, *, number=None, issuer="audit", left_out=("", ())):
    """A file with some entries, whose head says that the chain has `number`."""
    lines = [chain.line(each) for each in told]
    signer = Signer(house[0] / f"services-{issuer}.json")
    digest = hashlib.sha256(b"".join(lines)).hexdigest()
    last_hash = told[-1]["hash"] if told else ""
    return [*lines, chain.head(signer, number or len(told), last_hash, digest, left_out)]


@pytest.fixture
def file(house):
    """An export of four entries."""
    return export(house, entries("a", "b", "c", "d"))


def public(folder):
    return json.loads((folder / "keys.json").read_text("utf-8"))


def test_a_file_as_it_was_exported_is_whole(file, house):
    report = chain.verify(file, public(house[0]))

    assert (report.entries, report.head.number, report.head.whole) == (4, 4, True)
    assert (datetime.now(UTC) - report.head.time).total_seconds() < 60


def test_what_is_invented_is_found_in_an_export_of_some_entries_too(house):
    true = entries("a", "b", "c", "d")
    invented = entry(2, true[0]["hash"], title="it was Bob")
    file = export(house, [true[0], true[3]], number=4, left_out=('title = "a"', ()))
    assert chain.verify(file, public(house[0])).left_out == 2

    for changed in ([file[0], chain.line(invented), *file[1:]], [file[0], file[-1]], [file[-1]]):
        with pytest.raises(chain.BrokenError, match="not those that were exported"):
            chain.verify(changed, public(house[0]))


def test_no_other_service_signs_for_the_audit(house):
    with pytest.raises(chain.BrokenError, match="not signed"):
        chain.verify(export(house, entries("a"), issuer="contacts"), public(house[0]))


@pytest.mark.parametrize(
    ("written", "instead"),
    [(b'"title": "a"', b'"title": "it was Bob", "title": "a"'), (b'"a"', b'"\\u0061"'), (b": ", b":  ")],
)
def test_what_only_reads_the_same_is_found(file, written, instead):
    assert written in file[0]

    with pytest.raises(chain.BrokenError, match="line 1: this is no entry"):
        chain.verify([file[0].replace(written, instead), *file[1:]])


def test_a_later_export_continues_an_earlier_one(house):
    told = entries("a", "b", "c", "d")
    earlier, later = export(house, told[:2]), export(house, told)
    head = chain.head_of(earlier, public(house[0]))

    assert chain.verify(later, public(house[0]), head).entries == 4
    assert chain.verify(earlier, public(house[0]), head).entries == 2
    assert chain.verify(later, public(house[0]), chain.head_of(export(house, []), public(house[0]))).entries == 4


@pytest.mark.parametrize(
    ("later", "problem"),
    [
        (["a", "x", "c"], "entry 2 is another"),
        (["a"], "it ends at entry 1, before"),
    ],
)
def test_a_chain_that_was_made_anew_does_not_continue_an_earlier_export(house, later, problem):
    head = chain.head_of(export(house, entries("a", "b")), public(house[0]))

    with pytest.raises(chain.BrokenError, match=problem):
        chain.verify(export(house, entries(*later)), public(house[0]), head)


def test_an_export_that_leaves_out_where_the_earlier_one_ended_proves_nothing(house):
    told = entries("a", "b", "c")
    head = chain.head_of(export(house, told[:2]), public(house[0]))

    with pytest.raises(chain.BrokenError, match="leaves out entry 2"):
        chain.verify(export(house, [told[0], told[2]], number=3, left_out=("x", ())), public(house[0]), head)


def test_an_earlier_head_that_somebody_else_signed_is_not_believed(house):
    with pytest.raises(chain.BrokenError, match="not signed"):
        chain.head_of(export(house, entries("a"), issuer="contacts"), public(house[0]))


def test_one_flipped_byte_is_found_wherever_it_is(file, house):
    whole, found = b"".join(file), 0
    for place in range(0, len(whole), 7):
        if whole[place : place + 1] == b"\n":
            continue
        broken = whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :]
        with pytest.raises((chain.BrokenError, UnicodeDecodeError)):
            chain.verify(broken.splitlines(), public(house[0]))
        found += 1
    assert found > 200


@pytest.mark.parametrize("change", ["first", "middle", "last", "head", "twice", "swapped", "after"])
def test_what_is_missing_added_or_out_of_place_is_found(file, change):
    changed = {
        "first": file[1:],
        "middle": [file[0], *file[2:]],
        "last": [*file[:3], file[4]],
        "head": file[:4],
        "twice": [file[0], file[0], *file[1:]],
        "swapped": [file[1], file[0], *file[2:]],
        "after": [*file, file[0]],
    }[change]

    with pytest.raises(chain.BrokenError):
        chain.verify(changed)


def test_a_chain_that_somebody_made_himself_is_not_signed_by_this_installation(file, house):
    with pytest.raises(chain.BrokenError, match="not signed"):
        chain.verify(file, public(house[1]))


def test_a_token_of_the_service_is_no_head(file, house):
    signer = Signer(house[0] / "services-audit.json")
    from chassis.identity import Actor

    token = signer.token(Actor(service="services/audit"))

    with pytest.raises(chain.BrokenError, match="no head"):
        chain.verify([*file[:4], json.dumps({"head": token}).encode()], public(house[0]))
    assert OKPKey.import_key(public(house[0])["keys"][0]).kid == "services/audit"
