"""What an operator is told about an exported file."""

import pytest
from sqlalchemy import true
from typer.testing import CliRunner

from chassis.testing import ADA, Caller
from deploy.cli import app
from gateway.audit import rpc

PERSON = {"kind": "PERSON", "first_name": "Ada", "last_name": "Lovelace"}


@pytest.fixture
def exports(audit, contacts, hear_all, tmp_path):
    """Two exports of one chain, a month and two entries apart."""
    files = []
    for name in ("november", "december"):
        for _ in range(2):
            Caller(contacts, ADA).create_contact(contact=PERSON)
        hear_all()
        files.append(tmp_path / f"{name}.jsonl")
        files[-1].write_bytes(b"".join(rpc.lines(audit, true())))
    return files


def verify(*arguments):
    result = CliRunner().invoke(app, ["audit", "verify", *map(str, arguments)])
    return result.exit_code, result.output


def test_it_says_how_far_the_chain_went_and_when(exports, key_folder):
    code, told = verify(exports[1], "--keys", key_folder / "keys.json")

    assert code == 0
    assert "4 entries, nothing changed" in told
    assert "when the chain ended at entry 4" in told
    assert "signed by this installation" in told


def test_it_proves_that_a_chain_continues_an_earlier_export(exports, key_folder, tmp_path):
    november, december = exports
    last_line = tmp_path / "head"
    last_line.write_bytes(november.read_bytes().splitlines()[-1])

    for earlier in (november, last_line):
        code, told = verify(december, "--keys", key_folder / "keys.json", "--after", earlier)
        assert (code, "continues the earlier export" in told) == (0, True)
    code, told = verify(november, "--keys", key_folder / "keys.json", "--after", december)

    assert code == 1
    assert "it ends at entry 2, before the earlier export" in told


def test_it_says_what_is_not_proved(exports):
    code, told = verify(exports[0])

    assert code == 0
    assert "signature not checked" in told
