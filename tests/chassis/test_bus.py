"""How soon the bus is at work again after a failure."""

from chassis.bus import PAUSES, SLOWEST, gathering, pause_after
from chassis.stream import BATCH


def test_a_failure_after_a_long_good_time_is_followed_by_the_shortest_pause():
    assert PAUSES[pause_after(7, 61) - 1] == PAUSES[0]


def test_pauses_grow_up_to_the_longest():
    failures, pauses = 0, []
    for _ in range(10):
        failures = pause_after(failures, 0.1)
        pauses.append(PAUSES[failures - 1])

    assert pauses[: len(PAUSES)] == list(PAUSES)
    assert pauses[-1] == PAUSES[-1]


def test_others_gather_after_a_small_round_and_not_where_more_wait_already():
    assert 0 < gathering(1) < gathering(5) <= SLOWEST
    assert gathering(BATCH - 1) == SLOWEST
    assert gathering(BATCH) == 0
