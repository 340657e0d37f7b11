"""Which of a TIFF's pictures are photographs, told by its directories alone. Pure."""

from bisect import bisect_left, bisect_right
from itertools import product
from pathlib import Path

from photos.decoding.tiff.directories import BITS, Directory, read_directories

MOST_PHOTOGRAPHS = 200
HALVINGS = 12
THUMBNAIL = 640  # px of its longer side


def photographs(directories: list[Directory]) -> list[Directory]:
    """The full pictures of the main chain: no reduced copies, thumbnails, levels or masks.

    Where a page's SubIFD is the larger picture of it (a thumbnail stands first), that one.
    """
    plain = _pictures(directories)
    full = [each for each in plain if not each.is_reduced]
    if not full:
        return sorted(plain, key=lambda each: -each.area)[:1]
    small = copied({each.size for each in full})
    return [each for each in full if each.size not in small]


def taken_for_copies(directories: list[Directory]) -> list[Directory]:
    """Pages left out for their size alone, which the file does not call reduced: a photograph of
    half another's size looks like that too, so it is to be told.
    """
    full = [each for each in _pictures(directories) if not each.is_reduced]
    small = copied({each.size for each in full})
    return [each for each in full if each.size in small]


def _pictures(directories: list[Directory]) -> list[Directory]:
    own = [_fullest(each, directories) for each in directories if each.sub < 0 and each.area]
    return [each for each in own if not each.is_mask]


def infrared_page(page: Directory, directories: list[Directory]) -> Directory | None:
    """The next page, if it may be this colour page's infrared: one band of the same size."""
    after = next(
        (each for each in directories if each.sub < 0 and each.page == page.page + 1), None
    )
    if after is None or page.samples < 3 or after.samples != 1 or after.size != page.size:
        return None
    return after


def is_named_infrared(page: Directory) -> bool:
    """The file itself says so."""
    return "infrared" in page.words or (page.is_mask and page.one(BITS, 1) >= 8)


def count_photographs(path: Path) -> int:
    """How many photographs a file holds, by its directories alone; 1 where it does not tell."""
    try:
        found = len(photographs(read_directories(path)))
    except (OSError, ValueError, OverflowError):
        return 1
    return min(max(1, found), MOST_PHOTOGRAPHS + 1)


def _fullest(page: Directory, directories: list[Directory]) -> Directory:
    below = [each for each in directories if each.page == page.page and each.sub >= 0]
    larger = [each for each in below if not each.is_reduced and each.area > page.area]
    return max(larger, key=lambda each: each.area) if larger else page


def copied(sizes: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Those (width, height) that are copies of another: of the same shape and a whole halving
    smaller, or a thumbnail nobody marked as one (at most 640 px, a fourth of it or less).

    A file may name hundreds of sizes, so no size is held against every other.
    """
    return _halved(sizes) | _thumbnails(sizes)


def _halved(sizes: set[tuple[int, int]]) -> set[tuple[int, int]]:
    """Each side half of another's, or a fourth and so on, rounded up or down."""
    levels = {
        level
        for wide, high in sizes
        for k in range(1, HALVINGS)
        for level in product(_halves(wide, k), _halves(high, k))
        if level[0] * level[1] < wide * high and _same_shape(level, (wide, high))
    }
    return sizes & levels


def _halves(side: int, times: int) -> set[int]:
    return {max(1, side >> times), -(-side >> times)}


def _same_shape(small: tuple[int, int], large: tuple[int, int]) -> bool:
    ratio = large[0] * small[1] / (small[0] * large[1])
    return abs(ratio - 1) <= _tolerance(small)


def _tolerance(small: tuple[int, int]) -> float:
    return 0.02 + 1 / min(small)


def _thumbnails(sizes: set[tuple[int, int]]) -> set[tuple[int, int]]:
    by_shape = sorted(sizes, key=lambda size: size[0] / size[1])
    shapes = [wide / high for wide, high in by_shape]
    widest = _Widest([wide for wide, _ in by_shape])

    def is_thumbnail(size: tuple[int, int]) -> bool:
        shape, loose = size[0] / size[1], _tolerance(size)
        first = bisect_left(shapes, shape * (1 - loose))
        last = bisect_right(shapes, shape * (1 + loose))
        return max(size) <= THUMBNAIL and widest.between(first, last) > 4 * size[0]

    return {size for size in sizes if is_thumbnail(size)}


class _Widest:
    """The largest number of any stretch of a row, without walking along it."""

    def __init__(self, row: list[int]) -> None:
        self.doubled, step = [row], 1
        while 2 * step <= len(row):
            last = self.doubled[-1]
            self.doubled.append([max(pair) for pair in zip(last, last[step:], strict=False)])
            step *= 2

    def between(self, first: int, end: int) -> int:
        """Of row[first:end]; 0 where that is empty."""
        if end <= first:
            return 0
        k = (end - first).bit_length() - 1
        return max(self.doubled[k][first], self.doubled[k][end - (1 << k)])
