"""`manage.py restore PHOTO... --out DIR`: the three results as files, without a database row.

Exit codes: 0 all done or already there, 2 something was refused, 130 stopped by Ctrl-C.
"""

import sys
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from config.errors import Refused
from pipeline.batch import files, items
from pipeline.batch import networks as batch_networks
from pipeline.batch import workers as batch_workers
from pipeline.batch.items import DONE, FAILED, SKIPPED, BatchItem, Choices, Outcome
from pipeline.models.tone_choice import tone_choice

STOPPED = 130


class Command(BaseCommand):
    help = (
        "Restores photographs: NAME.inpainted.png, .inpainted_colorized, .colorized, .mask, .json, "
        "and summary.csv. Photographs, folders and patterns; what is there already is skipped."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("photos", nargs="+", metavar="PHOTO", help="file, folder or pattern")
        parser.add_argument("--out", type=Path, required=True, help="folder for the results")
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
        parser.add_argument(
            "--tones",
            default="off",
            metavar="off|auto|0..1",
            help="also NAME.KIND.toned.png: fading and casts taken back, as far as the photograph "
            "calls for or by this strength",
        )
        parser.add_argument("--keep-sepia", action="store_true", help="of grey prints, in those")
        parser.add_argument("--engine", choices=["auto", "onnx", "torch"], default="auto")
        parser.add_argument("--workers", type=int, default=0, help="processes; 0: as many as fit")
        parser.add_argument("--again", action="store_true", help="also what is there already")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 0 <= options["strength"] <= 1:
            self.stop("--strength must be between 0 and 1.")
        try:
            options["tones"] = tone_choice(options["tones"])
        except Refused as reason:
            self.stop(f"--tones: {reason}")
        if options["workers"] < 0:
            self.stop("--workers must not be negative.")
        found = items.batch_items(options["photos"], options["out"])
        if not found:
            self.stop("There are no photographs there.")
        try:
            weights = batch_networks.hashes(batch_networks.SHIPPED)
        except FileNotFoundError as missing:
            self.stop(f"There are no weights: {missing.filename} is missing.")
        options["out"].mkdir(parents=True, exist_ok=True)
        self.restore_all(found, weights, options)

    def restore_all(
        self, found: list[BatchItem], weights: dict[str, str], options: dict[str, Any]
    ) -> None:
        """The table is written whatever happens: it says what is there."""
        start, outcomes, code = time.perf_counter(), list[Outcome](), 0
        try:
            for outcome in self.outcomes(found, weights, options):
                outcomes.append(outcome)
                self.tell(outcome)
        except KeyboardInterrupt:
            self.stderr.write("Stopped. What is there is whole; the same call goes on from here.")
            code = STOPPED
        finally:
            for item in found:
                files.sweep(item)
        items.write_table(outcomes, options["out"] / "summary.csv")
        if len(found) > 1:
            self.stdout.write("\n".join(items.as_lines(outcomes)))
        self.stdout.write(items.in_words(outcomes, time.perf_counter() - start))
        code = code or (2 if any(outcome.state == FAILED for outcome in outcomes) else 0)
        if code:
            sys.exit(code)

    def outcomes(
        self, found: list[BatchItem], weights: dict[str, str], options: dict[str, Any]
    ) -> Iterator[Outcome]:
        choices = _choices(options)
        left = []
        for item in found:
            known = None if options["again"] else files.finished(item, choices, weights)
            if known is None:
                left.append(item)
            else:
                yield Outcome(item.photo, SKIPPED, known)
        for item, said in _made(left, choices, options):
            failed = isinstance(said, str)
            state, facts = (FAILED, {}) if failed else (DONE, said)
            yield Outcome(item.photo, state, facts, said if failed else "")

    def tell(self, outcome: Outcome) -> None:
        if outcome.state == FAILED:
            self.stderr.write(f"{outcome.photo}: {outcome.said}")
        else:
            self.stdout.write(f"{outcome.photo}: {outcome.state}")
        if outcome.facts.get("settings", {}).get("ask") == "list":
            for each in outcome.facts.get("proposals", []):
                self.stdout.write(f"  {each['number']} {each['id']}: {each['sentence']}")

    def stop(self, sentence: str) -> None:
        self.stderr.write(sentence)
        sys.exit(2)


def _choices(options: dict[str, Any]) -> Choices:
    return Choices(
        careful=options["careful"],
        strength=options["strength"],
        ask=options["ask"],
        colourise=options["colourise"],
        grain=options["grain"] == "on",
        tones=options["tones"],
        keep_sepia=options["keep_sepia"],
    )


def _made(left: list[BatchItem], choices: Choices, options: dict[str, Any]) -> Iterator[Any]:
    """One process of our own for one worker, else as many as share the cores."""
    if not left:
        return
    workers = batch_workers.how_many(options["workers"], len(left))
    shipped = str(batch_networks.SHIPPED)
    if workers > 1:
        threads = max(1, batch_workers.cores() // workers)
        order = batch_workers.Order(choices, options["engine"], shipped, threads)
        yield from batch_workers.run(left, order, workers)
        return
    networks = batch_networks.opened_all(options["engine"], shipped)
    for item in left:
        yield item, _one(item, networks, choices)


def _one(item: BatchItem, networks: dict[str, Any], choices: Choices) -> Any:
    return batch_workers.answer(lambda: files.restore(item, networks, choices))
