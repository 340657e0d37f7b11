"""Splits, curves, words and what a run folder says: arithmetic without rows."""

import json

import pytest

from training import display_text
from training.services import run_monitor
from training.splitting import held_out
from training.views import charts, curves


def test_a_share_of_groups_is_held_out_whole():
    groups = [f"g{n // 2}" for n in range(40)]
    assert len(held_out(groups, share=0.2, seed=0)) == 4


@pytest.mark.parametrize(("groups", "share"), [(["a", "a"], 0.5), (["a", "b"], 0), ([], 0.2)])
def test_nothing_is_held_out_of_one_group_or_at_no_share(groups, share):
    assert held_out(groups, share=share, seed=0) == set()


def test_two_groups_give_one_each():
    assert len(held_out(["a"] * 9 + ["b"], share=0.2, seed=1)) == 1


def test_one_more_photo_moves_few_groups():
    groups = [f"g{n}" for n in range(50)]
    before = held_out(groups, share=0.2, seed=0)
    after = held_out([*groups, "new"], share=0.2, seed=0)
    assert len(before - after) <= 1


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (-455, -398), (1e-5, 3e-5), (0, 12_000), (0.149, 0.149001)]
)
def test_ticks_are_few_and_span_the_values(low, high):
    found = charts.ticks(low, high)
    assert 3 <= len(found) <= 8
    assert found[0] <= low + 1e-12
    assert found[-1] >= high - 1e-12


def test_a_chart_keeps_every_point_inside_its_frame():
    chart = charts.chart("Loss", {"train": [(n, 1 / (n + 1)) for n in range(2000)]})
    points = [tuple(map(float, p.split(","))) for p in chart.curves[0].points.split()]
    assert len(points) <= charts.MAX_POINTS + 1
    assert all(chart.left <= x <= chart.right for x, _ in points)
    assert all(chart.top <= y <= chart.bottom for _, y in points)
    assert points[-1][0] == chart.right


def test_a_rising_curve_rises_on_the_page():
    points = charts.chart("Score", {"v": [(0, 0.1), (1, 0.9)]}).curves[0].points.split()
    first, last = (float(point.split(",")[1]) for point in points)
    assert last < first


def test_one_value_alone_is_drawn():
    assert charts.chart("Loss", {"train": [(10, 0.5)]}).summary == "Loss: train at 0.5"


def test_no_values_draw_nothing():
    assert charts.chart("Loss", {"train": []}) is None


def test_a_part_that_repeats_the_whole_is_left_out():
    whole = {"this network": [(1.0, 2.0)]}
    frames = {"chroma_mse": whole, "photos/chroma_mse": dict(whole), "real/auc": whole}
    assert curves._distinct(frames) == ["chroma_mse", "real/auc"]


def test_metric_paths_become_words():
    one = display_text.figure("real/fracture/dice", 0.5)
    assert (one.measure, one.of) == ("Overlap (Dice)", "given masks, fractures")
    assert display_text.title("margin") == "Lead over OpenCV, dB"
    assert display_text.figure("never/heard_of", 1.0).measure == "heard of"


def test_rivals_share_a_frame():
    assert display_text.rival("hole_psnr/telea") == ("hole_psnr", "telea")
    assert display_text.rival("real/hole/auc") == ("real/hole/auc", "")


def test_a_card_leaves_out_what_it_does_not_know():
    assert dict(display_text.facts({"network": "lite", "arguments": {"width": 8}})) == {
        "Network": "lite (width 8)"
    }


@pytest.fixture
def run(tmp_path):
    from training.models import TrainingRun

    row = TrainingRun(metrics_offset=0)
    folder = tmp_path / str(row.pk)
    folder.mkdir(parents=True)
    return row


@pytest.fixture(autouse=True)
def runs_in_own_folder(settings, tmp_path):
    settings.RUNS_ROOT = tmp_path


def line(step, value, name="loss"):
    return json.dumps({"step": step, "epoch": 0, "split": "train", "name": name, "value": value})


def test_half_a_line_waits_for_its_rest(run):
    path = run.folder / "metrics.jsonl"
    path.write_text(line(1, 0.5) + "\n" + line(2, 0.4)[:10])
    news = run_monitor.read_news(run)
    assert [metric.step for metric in news.metrics] == [1]
    run.metrics_offset = news.offset
    path.write_text(line(1, 0.5) + "\n" + line(2, 0.4) + "\n")
    assert [metric.value for metric in run_monitor.read_news(run).metrics] == [0.4]


def test_a_repeated_step_counts_once_and_last(run):
    (run.folder / "metrics.jsonl").write_text(f"{line(1, 0.5)}\n{line(1, 0.3)}\nnonsense\n")
    assert [metric.value for metric in run_monitor.read_news(run).metrics] == [0.3]


def test_no_number_is_kept_as_undefined(run):
    (run.folder / "metrics.jsonl").write_text(f"{line(1, None)}\n{line(2, float('nan'))}\n")
    assert [metric.value for metric in run_monitor.read_news(run).metrics] == [None, None]


def test_the_pace_needs_two_looks():
    pace = run_monitor.Pace(1000)
    pace.see(100, 10.0)
    assert pace.left(11.0) is None
    pace.see(300, 20.0)
    assert pace.left(20.0) == pytest.approx(35.0)
    assert str(pace.message(20.0)) == "300 of 1,000 pictures, about a minute left"


def test_a_run_that_has_seen_all_says_what_it_still_does():
    pace = run_monitor.Pace(1000, 900)
    pace.see(1000, 10.0)
    assert str(pace.message(20.0)).startswith("1,000 of 1,000 pictures; judging the result")


def test_the_reason_is_the_last_line_of_standard_error(run):
    (run.folder / "stderr.log").write_text("Traceback\n\nRunError: no photo\n\n")
    assert run_monitor.last_words(run.folder) == "RunError: no photo"
    assert run_monitor.last_words(run.folder / "nowhere") == ""


def test_a_card_tells_what_it_was_judged_on_and_who_made_the_masks():
    card = {
        "judged_on": "held-out photographs",
        "metrics": {"photos": 12},
        "masks": {"synthetic": 40, "painted": 3},
    }
    told = dict(display_text.facts(card))
    assert told["Judged on"] == "12 held-out photographs"
    assert told["Masks"] == "3 painted by hand, 40 drawn by the program, damage included"
    assert "held-out" not in dict(display_text.facts({"metrics": {"photos": 12}}))["Judged on"]
