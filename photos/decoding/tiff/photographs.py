"""Which of a TIFF's pictures are photographs, told by its directories alone. Pure."""

from pathlib import Path

from photos.decoding.tiff.directories import BITS, Directory, read_directories

MOST_PHOTOGRAPHS = 200


def photographs(directories: list[Directory]) -> list[Directory]:
    """The full pictures of the main chain: no reduced copies, thumbnails, levels or masks.

    Where a page's SubIFD is the larger picture of it (a thumbnail stands first), that one.
    """
    own = [_fullest(each, directories) for each in directories if each.sub < 0 and each.area]
    plain = [each for each in own if not each.is_mask]
    full = [each for each in plain if not each.is_reduced]
    if not full:
        return sorted(plain, key=lambda each: -each.area)[:1]
    return [each for each in full if not any(_is_copy(each, of) for of in full)]


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


def _is_copy(small: Directory, large: Directory) -> bool:
    """Of the same shape and a whole halving smaller, or a thumbnail nobody marked as one."""
    if small is large or small.area >= large.area:
        return False
    wide, high = large.size[0] / small.size[0], large.size[1] / small.size[1]
    if abs(wide / high - 1) > 0.02 + 1 / min(small.size):
        return False
    halvings = any(
        all(
            abs(big / 2**k - little) < 1 for big, little in zip(large.size, small.size, strict=True)
        )
        for k in range(1, 12)
    )
    return halvings or (wide > 4 and max(small.size) <= 640)
