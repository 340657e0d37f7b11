"""The sentences by room: whole ones, with named placeholders, for gettext to find."""

from collections.abc import Mapping

from config.words.sentences import (
    annotate,
    evaluation,
    graphs,
    jobs,
    mask_formats,
    photos,
    pipeline,
    training,
)
from config.words.wall import Sentence

ALL: Mapping[str, Sentence] = {
    **jobs.SENTENCES,
    **photos.SENTENCES,
    **annotate.SENTENCES,
    **mask_formats.SENTENCES,
    **training.SENTENCES,
    **graphs.SENTENCES,
    **pipeline.SENTENCES,
    **evaluation.SENTENCES,
}
