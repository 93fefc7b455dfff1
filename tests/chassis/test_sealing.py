"""Secrets that can be read again: with the same key, for the same purpose, and by nobody else."""

from types import SimpleNamespace

import pytest

from chassis import errors, sealing

OURS, ANOTHER = (SimpleNamespace(secret_key=key * 32) for key in (b"a", b"b"))


def refusal(settings, purpose, sealed):
    with pytest.raises(errors.FailedPrecondition) as refused:
        sealing.unseal(settings, purpose, sealed)
    return refused.value.reason


def test_what_was_sealed_can_be_read_again():
    sealed = sealing.seal(OURS, "totp of users/3", "Ёлка")

    assert sealing.unseal(OURS, "totp of users/3", sealed) == "Ёлка"
    assert "Ёлка".encode() not in sealed
    assert sealing.seal(OURS, "totp of users/3", "Ёлка") != sealed


@pytest.mark.parametrize(
    ("settings", "purpose", "change"),
    [
        (ANOTHER, "totp of users/3", lambda sealed: sealed),
        (OURS, "totp of users/4", lambda sealed: sealed),
        (OURS, "totp of users/3", lambda sealed: sealed[:-1]),
        (OURS, "totp of users/3", lambda sealed: b""),
    ],
    ids=["another key", "another purpose", "cut", "nothing"],
)
def test_what_cannot_be_read_is_refused_and_not_taken_for_empty(settings, purpose, change):
    sealed = sealing.seal(OURS, "totp of users/3", "secret")

    assert refusal(settings, purpose, change(sealed)) == "SECRET_UNREADABLE"


def test_it_says_with_which_key_it_was_sealed():
    first, second, other = (sealing.seal(who, "mail", "text")[: sealing.KEY_ID] for who in (OURS, OURS, ANOTHER))

    assert first == second != other
