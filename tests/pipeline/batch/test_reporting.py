"""What a terminal, a pipe and a program are told, and a table that no name breaks."""

import csv
import io
import json
import os
from pathlib import Path

from pipeline.batch import items
from pipeline.batch.items import Outcome
from pipeline.batch.reporting import JsonLines, Terminal, reporter

DONE = Outcome(Path("/scans/a.jpg"), "done", {"width": 10, "height": 10})
WILD = Path(os.fsdecode(b"/scans/\xf4\n=1+2.jpg"))


class Screen(io.StringIO):
    def isatty(self):
        return True


def test_a_terminal_sees_the_pace_and_the_time_left():
    out, seconds = Screen(), iter([0.0, 30.0, 60.0])
    told = Terminal(out, io.StringIO(), 8, clock=lambda: next(seconds))
    told.tell(DONE)
    told.tell(DONE)
    last = out.getvalue().split("\r\x1b[K")[-1]
    assert last == "[######------------------] 2 of 8, 2.0 a minute, 3 min left"


def test_what_stands_behind_decides_how_it_is_told():
    kinds = [
        type(reporter(out, io.StringIO(), 1, json_lines=as_json)).__name__
        for out, as_json in ((Screen(), False), (io.StringIO(), False), (Screen(), True))
    ]
    assert kinds == ["Terminal", "Reporter", "JsonLines"]


def test_programs_get_an_object_a_line():
    out = io.StringIO()
    told = JsonLines(out, io.StringIO(), 2)
    refused = Outcome(WILD, "refused", {}, "This file is empty.")
    told.tell(DONE)
    told.tell(refused)
    told.end([DONE, refused], 1.0)
    one, two, end = map(json.loads, out.getvalue().splitlines())
    assert (one["state"], one["ended"], one["of"]) == ("done", 1, 2)
    assert two["photo"] == "/scans/\\xf4\\n=1+2.jpg"
    assert end["summary"] == {"done": 1, "refused": 1}


def test_no_name_breaks_the_table_or_a_poor_terminal(tmp_path):
    outcomes = [Outcome(WILD, "refused", {}, "=HYPERLINK(1)"), Outcome(Path("-x"), "refused", {})]
    items.write_table(outcomes, tmp_path / "summary.csv")
    with (tmp_path / "summary.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert (first["photo"], first["said"]) == ("/scans/\\xf4\\n=1+2.jpg", "'=HYPERLINK(1)")
    assert second["photo"] == "'-x"
    raw = io.BytesIO()
    poor = io.TextIOWrapper(raw, encoding="ascii")
    told = reporter(poor, io.StringIO(), 1, json_lines=False)
    told.tell(Outcome(Path("/scans/фото.jpg"), "done", {}))
    told.end(outcomes, 1.0)
    poor.flush()
    assert b"/scans/\\u0444" in raw.getvalue()


def test_the_last_line_says_what_was_passed_over():
    passed = [Outcome(Path("/notes.txt"), "passed over", {}, "no photograph")] * 9
    assert items.in_words([DONE, *passed], 2.0).startswith(
        "1 done, 0 skipped, 0 refused, 9 files passed over; "
    )
