"""The sentences by room: whole ones, with named placeholders, for gettext to find."""

from collections.abc import Mapping

from config.words.sentences import annotate, evaluation, jobs, photos, pipeline, training
from config.words.wall import Sentence

ALL: Mapping[str, Sentence] = {
    **jobs.SENTENCES,
    **photos.SENTENCES,
    **annotate.SENTENCES,
    **training.SENTENCES,
    **pipeline.SENTENCES,
    **evaluation.SENTENCES,
}
