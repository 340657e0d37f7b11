"""Published tables and their published answers, as rows of a vote file."""

BASEBALL = {  # Agresti's textbook: home team in the rows, "home wins-away wins", 1987
    "Mil": "- 4-3 4-2 4-3 6-1 4-2 6-0",
    "Det": "3-3 - 4-2 4-3 6-0 6-1 4-3",
    "Tor": "2-5 4-3 - 2-4 4-3 4-2 6-0",
    "NY": "3-3 5-1 2-5 - 4-3 4-2 6-1",
    "Bos": "5-1 2-5 3-3 4-2 - 5-2 6-0",
    "Cle": "2-5 3-3 3-4 4-3 4-2 - 2-4",
    "Bal": "2-5 1-5 1-6 2-4 1-6 3-4 -",
}
BASEBALL_PLAIN = dict(
    zip(BASEBALL, (1.5814, 1.4364, 1.2945, 1.2476, 1.1077, 0.6839, 0.0), strict=True)
)
BASEBALL_HOME = dict(
    zip(BASEBALL, (1.6196, 1.4754, 1.3271, 1.2813, 1.1438, 0.7047, 0.0), strict=True)
)
HOME_EFFECT = 0.3023

CITATIONS = {  # Stigler 1994: row cited by column is a win of the row
    "Biometrika": (0, 730, 498, 221),
    "Comm Statist": (33, 0, 68, 17),
    "JASA": (320, 813, 0, 142),
    "JRSS-B": (284, 276, 325, 0),
}
CITATIONS_ANSWER = dict(zip(CITATIONS, (0.0, -2.9491, -0.4796, 0.2690), strict=True))

PUDDINGS = {  # Davidson 1970: wins of the first, wins of the second, ties
    "12": (19, 22, 16), "13": (16, 19, 12), "23": (19, 19, 10), "14": (18, 23, 13),
    "24": (23, 19, 9), "34": (19, 20, 15), "15": (13, 19, 18), "25": (16, 20, 12),
    "35": (16, 15, 17), "45": (17, 14, 16), "16": (18, 21, 12), "26": (22, 20, 12),
    "36": (13, 18, 10), "46": (14, 19, 18), "56": (11, 21, 12),
}  # fmt: skip
PUDDINGS_WORTHS = (0.1388, 0.1730, 0.1617, 0.1654, 0.1587, 0.2024)
PUDDINGS_NU, PUDDINGS_LOG_LIKELIHOOD = 0.7468, -809.7095

KRIPPENDORFF = {  # twelve units, four raters
    "A": "1 2 3 3 2 1 4 1 2 . . .",
    "B": "1 2 3 3 2 2 4 1 2 5 . 3",
    "C": ". 3 3 3 2 3 4 2 2 5 1 .",
    "D": "1 2 3 3 2 4 4 1 2 5 1 .",
}
KRIPPENDORFF_ANSWER = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849, "ratio": 0.797}
FLEISS = (
    (0, 0, 0, 0, 14), (0, 2, 6, 4, 2), (0, 0, 3, 5, 6), (0, 3, 9, 2, 0), (2, 2, 8, 1, 1),
    (7, 7, 0, 0, 0), (3, 2, 6, 3, 0), (2, 5, 3, 2, 2), (6, 5, 2, 1, 0), (0, 2, 2, 3, 7),
)  # fmt: skip
FLEISS_KAPPA = 0.210


def row(left, right, outcome="left", **more):
    return {"left": left, "right": right, "outcome": outcome, **more}


def baseball_rows():
    rows = []
    for home, line in BASEBALL.items():
        for away, cell in zip(BASEBALL, line.split(), strict=True):
            won, lost = (0, 0) if cell == "-" else map(int, cell.split("-"))
            rows += [row(home, away)] * won + [row(home, away, "right")] * lost
    return rows


def citation_rows():
    return [
        row(cited, citing)
        for cited, line in CITATIONS.items()
        for citing, times in zip(CITATIONS, line, strict=True)
        for _ in range(times)
    ]


def pudding_rows():
    return [
        row(pair[0], pair[1], outcome)
        for pair, counts in PUDDINGS.items()
        for outcome, times in zip(("left", "right", "equal"), counts, strict=True)
        for _ in range(times)
    ]


def krippendorff_ratings():
    return [
        (unit, rater, value)
        for rater, line in KRIPPENDORFF.items()
        for unit, value in enumerate(line.split())
        if value != "."
    ]
