"""The digest on every vote covers every module that decides what a vote is worth."""

import sys
from io import StringIO
from pathlib import Path
from subprocess import run

from django.core.management import call_command

from evaluation.statistics.records import vote_records

ROOT = Path(__file__).resolve().parents[3]
STATISTICS = ROOT / "evaluation" / "statistics"
LOADED = """
import sys
import evaluation.statistics.verdict, evaluation.statistics.pair_selection
import evaluation.statistics.running_state, evaluation.statistics.replay
rooms = "config accounts access jobs photos annotate training pipeline evaluation".split()
print(*(m.__file__ for n, m in sys.modules.items() if n.split(".")[0] in rooms), sep="\\n")
"""


def test_whatever_decides_a_vote_lies_in_the_folder_that_is_hashed():
    done = run([sys.executable, "-c", LOADED], cwd=ROOT, capture_output=True, text=True, check=True)
    loaded = {Path(line) for line in done.stdout.split()} - {ROOT / "evaluation" / "__init__.py"}
    assert STATISTICS / "verdict.py" in loaded
    assert loaded <= set(vote_records.code_files())


def test_the_digest_follows_every_module_of_the_folder(tmp_path, monkeypatch):
    copies = [tmp_path / path.relative_to(STATISTICS) for path in vote_records.code_files()]
    for path, copy in zip(vote_records.code_files(), copies, strict=True):
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(vote_records, "code_files", lambda: copies)
    fresh = vote_records.code_version.__wrapped__
    before = fresh()
    assert before == vote_records.code_version()
    for copy in copies:
        kept = copy.read_bytes()
        copy.write_bytes(kept + b"\n")
        assert fresh() != before
        copy.write_bytes(kept)
    assert fresh() == before


def test_an_export_of_the_old_rooms_still_matches():
    out = StringIO()
    call_command("replay", str(Path(__file__).with_name("old_study.zip")), stdout=out)
    assert "MATCH" in out.getvalue()
