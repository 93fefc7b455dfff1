"""How soon the bus is at work again after a failure."""

from chassis.bus import PAUSES, pause_after


def test_a_failure_after_a_long_good_time_is_followed_by_the_shortest_pause():
    assert PAUSES[pause_after(7, 61) - 1] == PAUSES[0]


def test_pauses_grow_up_to_the_longest():
    failures, pauses = 0, []
    for _ in range(10):
        failures = pause_after(failures, 0.1)
        pauses.append(PAUSES[failures - 1])

    assert pauses[: len(PAUSES)] == list(PAUSES)
    assert pauses[-1] == PAUSES[-1]
