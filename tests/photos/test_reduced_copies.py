"""Which sizes of a file are copies of others: the quick answer is that of holding each to each."""

import time

import numpy as np

from photos.decoding.tiff.photographs import copied


def is_copy(small, large):
    """The rule as it is said, of one pair."""
    if small[0] * small[1] >= large[0] * large[1]:
        return False
    wide, high = large[0] / small[0], large[1] / small[1]
    if abs(wide / high - 1) > 0.02 + 1 / min(small):
        return False
    sides = list(zip(large, small, strict=True))
    halved = any(all(abs(b / 2**k - s) < 1 for b, s in sides) for k in range(1, 12))
    return halved or (wide > 4 and max(small) <= 640)


def test_it_is_the_rule_of_pairs():
    rng = np.random.default_rng(5)
    found = 0
    for most in (6, 40, 900, 9000):
        for _ in range(60):
            sizes = {tuple(map(int, rng.integers(1, most, 2))) for _ in range(12)}
            sizes |= {(w // 2 or 1, (h + 1) // 2) for w, h in list(sizes)[:3]}
            sizes |= {(w // 9 or 1, h // 9 or 1) for w, h in list(sizes)[:3]}
            plain = {each for each in sizes if any(is_copy(each, of) for of in sizes)}
            assert copied(sizes) == plain, sizes
            found += len(plain)
    assert found > 500


def test_many_sizes_take_no_time_to_speak_of():
    sizes = {(1000 + 3 * k, 700 + 2 * k + k % 7) for k in range(20_000)}
    start = time.perf_counter()
    copied(sizes)
    assert time.perf_counter() - start < 20  # each held to each takes an hour


def test_a_single_size_is_no_copy():
    assert copied({(1, 1)}) == copied({(640, 480)}) == copied(set()) == set()
