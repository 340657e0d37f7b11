"""What the engine says of a picture, what it asks, and how far a restoration is."""

from config.words.marks import gettext_lazy as _
from config.words.marks import ngettext_lazy
from config.words.shapes import (
    apart,
    digits,
    hundredths,
    percent_apart,
    significant_of,
    unless_none,
)
from config.words.wall import Sentence

SIZE = {"size": digits(0), "limit": unless_none(digits(0))}
ENGINE = {
    "engine.much-damage": Sentence(
        _(
            "Damage was found on %(covered)s of the picture. Look at what was found; if it marks"
            " what is whole, restore again with the slider further left."
        ),
        covered=percent_apart,
    ),
    "engine.beyond": Sentence(
        ngettext_lazy(
            "%(count)s more mark was left because it may belong to the picture; if it is damage,"
            " it can be painted into the mask.",
            "%(count)s more marks were left because they may belong to the picture; what of them"
            " is damage can be painted into the mask.",
            "count",
        )
    ),
    "engine.hole-unfilled": Sentence(
        _("A hole of %(size)s px was left unfilled: this model was trained up to %(limit)s px."),
        **SIZE,
    ),
    "engine.whole-unfilled": Sentence(
        _(
            "A hole that covers the whole picture was left unfilled: this model was trained up to"
            " %(limit)s px."
        ),
        limit=SIZE["limit"],
    ),
    "engine.hole-guessed": Sentence(
        _(
            "A hole of %(size)s px was guessed from a smaller copy and may look soft: this model"
            " was trained up to %(limit)s px."
        ),
        **SIZE,
    ),
    "engine.whole-guessed": Sentence(
        _(
            "A hole that covers the whole picture was guessed from a smaller copy and may look"
            " soft: this model was trained up to %(limit)s px."
        ),
        limit=SIZE["limit"],
    ),
    "engine.in-colour": Sentence(
        _("The photograph is in colour already; ask for colour to have it coloured all the same.")
    ),
    "engine.hand-tinted": Sentence(
        _("The print seems hand-tinted; ask for colour to have it coloured all the same.")
    ),
    "engine.dust": Sentence(
        ngettext_lazy(
            "Dust found in infrared: %(count)s place, %(share)s of the picture.",
            "Dust found in infrared: %(count)s places, %(share)s of the picture.",
            "count",
        ),
        share=hundredths,
    ),
    "engine.noncommercial": Sentence(
        _("No commercial use: a network under %(licence)s had a part in this picture.")
    ),
}
QUESTIONS = {
    "question.face": Sentence(_("A mark on a face %(place)s was left: remove it?")),
    "question.feature": Sentence(
        _("A mark on eyes, nose, mouth or outline of a face %(place)s was left: remove it?")
    ),
    "question.text": Sentence(_("Writing or a number %(place)s was left: remove it?")),
    "question.lines": Sentence(
        _("A set of lines, as of a fence, boards or rigging %(place)s was left: remove it?")
    ),
    "question.rim": Sentence(
        _("A thin closed rim, as of glasses or a wheel %(place)s was left: remove it?")
    ),
    "question.spots": Sentence(
        _("A row of equal spots, as of buttons %(place)s was left: remove it?")
    ),
    "question.tree": Sentence(_("What branches like a tree %(place)s was left: remove it?")),
    "question.pattern": Sentence(
        _("Part of a pattern, as of a printed screen or of cloth %(place)s was left: remove it?")
    ),
    "question.area": Sentence(
        _("An area that may belong to the picture %(place)s was left: remove it?")
    ),
    "question.perhaps": Sentence(_("What is perhaps damage %(place)s was left: remove it?")),
}
PLACES = {
    "place.upper-left": Sentence(_("at the upper left")),
    "place.upper-edge": Sentence(_("at the upper edge")),
    "place.upper-right": Sentence(_("at the upper right")),
    "place.left-edge": Sentence(_("at the left edge")),
    "place.middle": Sentence(_("in the middle")),
    "place.right-edge": Sentence(_("at the right edge")),
    "place.lower-left": Sentence(_("at the lower left")),
    "place.lower-edge": Sentence(_("at the lower edge")),
    "place.lower-right": Sentence(_("at the lower right")),
}
WORK = {
    "engine.looking": Sentence(_("Looking for damage, tile %(tile)s of %(tiles)s")),
    "engine.filling": Sentence(_("Filling damage, tile %(tile)s of %(tiles)s")),
    "engine.filling-large": Sentence(_("Filling a large hole from a smaller copy")),
    "engine.colouring": Sentence(_("Adding colour")),
    "engine.joining": Sentence(_("Joining colour and picture")),
    "restore.reading": Sentence(_("Reading the photograph")),
    "restore.opening": Sentence(_("Opening the networks")),
    "restore.keeping": Sentence(_("Keeping the results")),
    "restore.spreading": Sentence(_("Spreading your colours")),
    "restore.tones": Sentence(_("Bringing back the tones")),
    "restore.album": Sentence(_("%(done)s of %(of)s")),
    "restore.no-finder": Sentence(_("No segmentation network is in production.")),
    "restore.no-graph": Sentence(_("The graph of %(version)s is missing.")),
    "restore.no-weights": Sentence(_("The weights of %(version)s are missing.")),
    "restore.no-file": Sentence(_("A file of this photograph is missing; upload it again.")),
    "restore.not-in-production": Sentence(
        _("Nothing is in production yet for: %(stages)s. An admin promotes weights.")
    ),
    "restore.gone": Sentence(_("This photograph is no longer here.")),
    "batch.changed": Sentence(
        _("This file changed while it was read; the next call takes it as it is then.")
    ),
    "batch.our-fault": Sentence(
        _("This is a fault of Heirloom, not of the file. It stopped with %(error)s")
    ),
    "webhook.switched-off": Sentence(_("The webhook is switched off.")),
    "webhook.gone": Sentence(_("Its receiver answered 410: gone.")),
    "webhook.not-heard": Sentence(_("Not heard (%(answer)s).")),
    "webhook.message-lost": Sentence(_("This message is lost: %(answer)s")),
    "webhook.lost-in-a-row": Sentence(
        ngettext_lazy(
            "%(count)s delivery in a row was lost.",
            "%(count)s deliveries in a row were lost.",
            "count",
        )
    ),
    "timing.seconds": Sentence(_("%(engine)s %(seconds)s s"), seconds=digits(2)),
    "timing.is-off": Sentence(
        _("%(engine)s is off by %(difference)s of probability"), difference=significant_of(3)
    ),
    "timing.stays-at": Sentence(_("%(engine)s stays at %(psnr)s dB"), psnr=digits(1)),
    "timing.per-megapixel": Sentence(_("per megapixel: %(times)s"), times=apart),
    "timing.per-megapixel-without": Sentence(
        _("per megapixel: %(times)s; left out: %(refused)s"), times=apart, refused=apart
    ),
    "timing.measured": Sentence(_("%(version)s runs on %(engine)s; %(why)s.")),
    "timing.not-measured": Sentence(_("%(version)s: not measured, %(last)s.")),
    "timing.took-too-long": Sentence(
        _("%(version)s: not measured, it took more than %(seconds)s s."), seconds=digits(0)
    ),
    "timing.left-silent": Sentence(_("%(version)s: not measured, it left without a word.")),
    "timing.failed": Sentence(_("Not every engine was timed. %(versions)s")),
    "timing.done": Sentence(_("%(done)s of %(of)s timed")),
}
STEPS = {
    "step.read": Sentence(_("Read the photograph")),
    "step.find": Sentence(_("Find the damage")),
    "step.fill": Sentence(_("Fill the damage")),
    "step.colour": Sentence(_("Add colour")),
    "step.keep": Sentence(_("Keep the results")),
    "wait.usually": Sentence(
        _("Usually a minute or two for each photograph; large scans take longer.")
    ),
    "wait.within": Sentence(
        ngettext_lazy(
            "A photograph of usual size is ready within a minute once its turn has come.",
            "A photograph of usual size is ready within %(count)s minutes once its turn has come.",
            "count",
        )
    ),
    "wait.few-seconds": Sentence(_("A few seconds left.")),
    "wait.seconds": Sentence(
        ngettext_lazy("About %(count)s second left.", "About %(count)s seconds left.", "count")
    ),
    "wait.minutes": Sentence(
        ngettext_lazy("About %(count)s minute left.", "About %(count)s minutes left.", "count")
    ),
}
SENTENCES = {**ENGINE, **QUESTIONS, **PLACES, **WORK, **STEPS}
