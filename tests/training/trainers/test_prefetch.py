"""What is drawn ahead is what was asked for, once, and its errors reach the loop."""

import threading
import time

import pytest

from training.trainers.feeding.prefetch import Ahead


def test_samples_come_in_order_and_are_drawn_once():
    drawn = []
    with Ahead(lambda n: drawn.append(n) or n * n) as ahead:
        assert ahead.take([0, 1], [2, 3]) == [0, 1]
        assert ahead.take([2, 3], [4, 5]) == [4, 9]
    assert drawn[:4] == [0, 1, 2, 3]


def test_the_next_batch_is_drawn_while_this_one_is_learnt_from():
    begun = threading.Event()
    with Ahead(lambda n: begun.set() if n == 1 else n) as ahead:
        ahead.take([0], [1])
        assert begun.wait(60)


def test_an_error_reaches_whoever_takes_the_sample():
    with Ahead(lambda n: 1 // n) as ahead:
        ahead.take([1], [0])
        with pytest.raises(ZeroDivisionError):
            ahead.take([0])


def test_leaving_drops_what_nobody_will_take():
    drawn = []
    with Ahead(lambda n: time.sleep(0.01) or drawn.append(n)) as ahead:
        ahead.take([0], range(1, 1000))
    assert len(drawn) < 1000
