"""One flipped byte is found, wherever it is; and so is a line that is missing, added, or out of place."""

import json

import pytest
from joserfc.jwk import OKPKey

from chassis.identity import Signer
from chassis.testing import keys
from gateway.audit import chain


@pytest.fixture(scope="module")
def house():
    """The keys of two installations' audits."""
    return keys("services/audit"), keys("services/audit")


def entry(number, previous, **more):
    told = dict.fromkeys(chain.FIELDS, "") | {"number": number, "title": "Ёлкин", "changes": [], **more}
    return {**told, "previous_hash": previous, "hash": chain.hash_of(previous, told)}


@pytest.fixture
def file(house):
    """An export of four entries."""
    entries, previous = [], ""
    for number in range(1, 5):
        entries.append(entry(number, previous))
        previous = entries[-1]["hash"]
    signer = Signer(house[0] / "services-audit.json")
    return [*(chain.line(each) for each in entries), chain.head(signer, 4, previous, False)]


def public(folder):
    return json.loads((folder / "keys.json").read_text("utf-8"))


def test_a_file_as_it_was_exported_is_whole(file, house):
    assert chain.verify(file, public(house[0])).entries == 4


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
