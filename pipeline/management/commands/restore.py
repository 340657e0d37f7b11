"""`manage.py restore PHOTO... --out DIR`: the results as files, without a database row.

Exit codes: 0 all done or already there, 2 something was refused, 130 stopped by Ctrl-C,
143 by SIGTERM, 129 by SIGHUP.
"""

import sys
import time
from argparse import ArgumentParser, ArgumentTypeError
from pathlib import Path
from typing import IO, Any, cast

from django.core.management.base import BaseCommand, OutputWrapper

from config.errors import Refused
from photos.decoding.asked import TURNS
from photos.decoding.scanner.frames import Frame
from photos.decoding.scanner.negatives import KINDS as NEGATIVES
from photos.file_search import Search, search
from pipeline.batch import files, naming, running, written
from pipeline.batch import networks as batch_networks
from pipeline.batch.items import FAILED, KINDS, REFUSED, Choices, Outcome
from pipeline.batch.reporting import Reporter, reporter
from pipeline.batch.stopping import Stopped, stoppable
from pipeline.models.tone_choice import tone_choice

STOPPED = "Stopped. What is there is whole; the same call goes on from here."


class Command(BaseCommand):
    help = (
        "Restores photographs: NAME.inpainted.png, .inpainted_colorized, .colorized, .mask, .json, "
        "and summary.csv. Photographs, folders and patterns; what is there already is skipped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("photos", nargs="+", metavar="PHOTO", help="file, folder or pattern")
        parser.add_argument("--out", type=Path, required=True, help="folder for the results")
        _add_choices(parser)
        _add_forms(parser)
        parser.add_argument("--engine", choices=["auto", "onnx", "torch"], default="auto")
        parser.add_argument("--workers", type=int, default=0, help="processes; 0: as many as fit")
        parser.add_argument("--again", action="store_true", help="also what is there already")
        parser.add_argument(
            "--json-lines", action="store_true", help="an object a line, for programs"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = self.kinds_asked(options)
        out = options["out"].absolute()
        found = search(options["photos"], leave_out=out)
        naming.set_aside_results(found, out.resolve())
        if not (found.photos or found.refused or found.passed):
            self.stop("There are no photographs there.")
        try:
            weights = batch_networks.hashes(batch_networks.SHIPPED)
        except FileNotFoundError as missing:
            self.stop(f"There are no weights: {missing.filename} is missing.")
        try:
            running.prepare(out, [Path(text) for text in options["photos"]])
        except running.BadTarget as reason:
            self.stop(str(reason))
        with stoppable():
            self.restore_all(_batch(found, weights, kinds, options, out), out, options)

    def kinds_asked(self, options: dict[str, Any]) -> tuple[str, ...]:
        """Stops at what no run can use; answers the kinds that are asked for."""
        if not 0 <= options["strength"] <= 1:
            self.stop("--strength must be between 0 and 1.")
        try:
            options["tones"] = tone_choice(options["tones"])
        except Refused as reason:
            self.stop(f"--tones: {reason}")
        if options["workers"] < 0:
            self.stop("--workers must not be negative.")
        if options["jpeg"] is not None and not 1 <= options["jpeg"] <= 100:
            self.stop("--jpeg takes a quality from 1 to 100.")
        try:
            return written.kinds_of(options["only"])
        except ValueError as reason:
            self.stop(str(reason))
        return ()

    def restore_all(self, batch: running.Batch, out: Path, options: dict[str, Any]) -> None:
        """The table is written whatever happens: it says what is there."""
        start, outcomes = time.perf_counter(), list[Outcome]()
        total = len(batch.batch) + len(batch.found.refused)
        told = reporter(
            _stream(self.stdout), _stream(self.stderr), total, json_lines=options["json_lines"]
        )
        code = self.run_all(batch, outcomes, told)
        if code:
            outcomes += batch.untold(outcomes)
        for item in batch.batch:
            files.sweep(item)
        unwritten = running.write_table(outcomes, out)
        told.end(outcomes, time.perf_counter() - start)
        if unwritten:
            self.stderr.write(unwritten)
        bad = any(outcome.state in (FAILED, REFUSED) for outcome in outcomes)
        code = code or (2 if bad or unwritten else 0)
        if code:
            sys.exit(code)

    def run_all(self, batch: running.Batch, outcomes: list[Outcome], told: Reporter) -> int:
        """Fills `outcomes`; answers the exit code of an early end, else 0."""
        try:
            for outcome in batch.outcomes():
                outcomes.append(outcome)
                told.tell(outcome)
        except running.BadTarget as reason:
            self.stderr.write(str(reason))
            return 2
        except KeyboardInterrupt as end:
            self.stderr.write(STOPPED)
            return end.code if isinstance(end, Stopped) else 130
        return 0

    def stop(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)


def _stream(wrapped: OutputWrapper) -> IO[str]:
    """What Django's wrapper writes to: it would end every line by itself, the moving one too."""
    return cast("IO[str]", wrapped._out)


def _add_choices(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--careful", "--mirrors", action="store_true", help="two looks: about twice the time"
    )  # the second is what 0.1 began with
    parser.add_argument("--strength", type=float, default=0.5, help="0..1, 0.5 as calibrated")
    parser.add_argument(
        "--ask",
        choices=["list", "fill", "leave"],
        default="leave",
        help="marks that may belong to the picture: left (NAME.proposals.png shows them), "
        "left and listed here as well, or filled",
    )
    parser.add_argument(
        "--colourise", action="store_true", help="also photographs that are in colour already"
    )
    parser.add_argument("--grain", choices=["on", "off"], default="on", help="over fills")
    _add_tones(parser)
    parser.add_argument(
        "--salvage", action="store_true", help="use what is there of files that end too early"
    )

    parser.add_argument(
        "--rotate", type=int, choices=TURNS, default=0, help="degrees clockwise, of all scans"
    )
    parser.add_argument(
        "--crop",
        "--straighten",  # what an upright cut leaves of the bed would be made up
        action="store_true",
        help="straighten and crop to the print on the bed",
    )
    parser.add_argument(
        "--frame",
        type=_frame,
        metavar="ANGLE,X,Y,WIDTH,HEIGHT",
        help="straighten and crop all scans to this frame: degrees clockwise, then its left, top, "
        "width and height in parts of the scan's sides; instead of --crop",
    )
    parser.add_argument(
        "--negative", choices=NEGATIVES, default="", help="film negatives, by their own base"
    )


def _frame(text: str) -> dict[str, float]:
    try:
        return Frame.parsed(text).said()
    except ValueError as reason:
        raise ArgumentTypeError(str(reason)) from reason


def _add_tones(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--tones",
        default="off",
        metavar="off|auto|0..1",
        help="also NAME.KIND.toned.png: fading and casts taken back, as far as the photograph "
        "calls for or by this strength",
    )
    parser.add_argument("--keep-sepia", action="store_true", help="of grey prints, in those")


def _add_forms(parser: ArgumentParser) -> None:
    parser.add_argument("--only", default=",".join(KINDS), metavar="KINDS", help=", ".join(KINDS))
    parser.add_argument("--tiff16", action="store_true", help="16-bit TIFF instead of PNG")
    parser.add_argument("--jpeg", type=int, metavar="QUALITY", help="JPEG instead of PNG, 1..100")
    parser.add_argument(
        "--layers",
        action="store_true",
        help="NAME.repair.png, clear but for what changed, and NAME.ora with all layers",
    )
    parser.add_argument(
        "--keep-metadata",
        action="store_true",
        help="the original's date, title, credit and copyright in the results; never a place",
    )


def _batch(
    found: Search,
    weights: dict[str, str],
    kinds: tuple[str, ...],
    options: dict[str, Any],
    out: Path,
) -> running.Batch:
    return running.Batch(
        found=found,
        batch=naming.batch_items(found.photos, found.root, out),
        choices=Choices(
            careful=options["careful"],
            strength=options["strength"],
            ask=options["ask"],
            colourise=options["colourise"],
            grain=options["grain"] == "on",
            tones=options["tones"],
            keep_sepia=options["keep_sepia"],
            salvage=options["salvage"],
            rotate=options["rotate"],
            negative=options["negative"],
            crop=options["crop"],
            frame=options["frame"],
        ),
        written=written.Written(
            kinds,
            options["tiff16"],
            options["jpeg"] or 0,
            layers=options["layers"],
            keep_metadata=options["keep_metadata"],
        ),
        engine=options["engine"],
        workers=options["workers"],
        again=options["again"],
        weights=weights,
    )
