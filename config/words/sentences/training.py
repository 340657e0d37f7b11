"""What runs, measurements and promotions say."""

from config.words.marks import gettext_lazy as _
from config.words.marks import ngettext_lazy
from config.words.shapes import (
    apart,
    digits,
    grouped,
    percent_apart,
    plain_number,
    significant,
    significant_of,
    tenths,
)
from config.words.wall import Sentence

PROMOTIONS = {
    "promotion.shipped": Sentence(_("shipped with Heirloom")),
    "promotion.rolled-back": Sentence(_("rolled back from %(version)s")),
    "promotion.granted": Sentence(_("%(reason)s (asked by %(asker)s; against it: %(against)s)")),
    "promotion.granted-to-one-who-left": Sentence(
        _("%(reason)s (asked by somebody who left; against it: %(against)s)")
    ),
    "promotion.never-measured": Sentence(_("It was never measured on photographs of this site.")),
    "promotion.not-beside": Sentence(
        _("It was never measured on the same photographs as %(production)s, which production runs.")
    ),
    "promotion.few-photographs": Sentence(
        _("It was judged on few photographs: %(count)s, where %(wanted)s are wanted.")
    ),
    "promotion.own-photographs": Sentence(
        _("It was judged on its own training photographs: %(count)s of %(pictures)s.")
    ),
    "promotion.origin-unknown": Sentence(
        _(
            "What it learnt from is not known here: it may have been judged on its own training "
            "photographs."
        )
    ),
    "promotion.began-from-unknown": Sentence(
        _("It began from %(version)s, of which is not known what photographs it learnt from.")
    ),
    "promotion.undefined": Sentence(_("%(measure)s is undefined on these photographs.")),
    "promotion.worse": Sentence(
        _("It is worse than %(production)s: %(measure)s %(mine)s beside %(theirs)s."),
        mine=significant,
        theirs=significant,
    ),
}
AT = {"step": grouped, "total": grouped}
RUNS = {
    "run.writing-folder": Sentence(_("writing the run folder")),
    "run.starting": Sentence(_("starting")),
    "run.reached": Sentence(_("%(step)s of %(total)s pictures"), **AT),
    "run.judging": Sentence(_("%(step)s of %(total)s pictures; judging the result"), **AT),
    "run.minute-left": Sentence(_("%(step)s of %(total)s pictures, about a minute left"), **AT),
    "run.minutes-left": Sentence(
        ngettext_lazy(
            "%(step)s of %(total)s pictures, about %(count)s minute left",
            "%(step)s of %(total)s pictures, about %(count)s minutes left",
            "count",
        ),
        **AT,
    ),
    "run.hours-left": Sentence(
        _("%(step)s of %(total)s pictures, about %(hours)s hours left"), hours=digits(1), **AT
    ),
    "run.stopping": Sentence(_("stopping, as soon as its resume file is written")),
    "run.stopping-after": Sentence(
        _("%(message)s; stopping, as soon as its resume file is written")
    ),
    "run.reached-stopping": Sentence(
        _("%(step)s of %(total)s pictures; stopping, as soon as its resume file is written"), **AT
    ),
    "run.saw": Sentence(
        ngettext_lazy("saw %(count)s picture", "saw %(count)s pictures", "count"),
        count=grouped,
    ),
    "run.ended": Sentence(_("the loop ended with %(status)s")),
    "run.resumed-ended": Sentence(_("the loop took the run up again and ended with %(status)s")),
    "run.ended-with": Sentence(_("The loop ended with %(status)s.")),
    "run.stopped-in-order": Sentence(_("The loop stopped in order; the run goes on where it was.")),
    "run.killed": Sentence(_("The training process was killed by signal %(signal)s.")),
    "run.rounded": Sentence(
        _(
            "A step takes %(taken)s crops where the recipe says %(batch)s: %(count)s processes"
            " cannot share %(batch)s alike. The run still sees %(images)s."
        ),
        images=grouped,
    ),
    "run.rounded-in-parts": Sentence(
        _(
            "A step takes %(taken)s crops where the recipe says %(batch)s: %(count)s processes in"
            " %(parts)s parts each cannot share %(batch)s alike. The run still sees %(images)s."
        ),
        images=grouped,
    ),
    "run.no-weights": Sentence(_("The loop ended without weights: its last line may say why.")),
    "run.same-weights": Sentence(_("these weights equal those of %(version)s, byte for byte")),
    "run.all-gone": Sentence(
        _("Every photo this run could learn from was erased or withdrawn since the snapshot.")
    ),
    "run.wrote": Sentence(_("wrote %(training)s training and %(held_out)s validation photos")),
    "run.wrote-without": Sentence(
        ngettext_lazy(
            "wrote %(training)s training and %(held_out)s validation photos; %(count)s erased or"
            " withdrawn since the snapshot is left out",
            "wrote %(training)s training and %(held_out)s validation photos; %(count)s erased or"
            " withdrawn since the snapshot are left out",
            "count",
        )
    ),
}
GATE = {
    "gate.yardstick": Sentence(_("A yardstick has no weights to export.")),
    "gate.trying": Sentence(_("trying it on three photographs")),
    "gate.exporting": Sentence(_("exporting and comparing")),
    "gate.shipped": Sentence(_("%(new)s new, %(promoted)s promoted")),
    "gate.reading-graph": Sentence(_("Reading the graph and trying it on three photographs")),
    "gate.imported": Sentence(
        _("Imported: %(name)s stands in Models, with its pictures and what it costs.")
    ),
    "gate.here-already": Sentence(_("This graph is here already: %(version)s.")),
    "gate.not-passed": Sentence(_("%(version)s did not pass the gate: %(reason)s")),
    "gate.unchecked": Sentence(
        _("The gate of %(version)s has not passed yet: its export is still unchecked.")
    ),
    "gate.other-network": Sentence(
        _("The file is none of the network that its card names: %(detail)s")
    ),
    "gate.no-number": Sentence(_("%(tensor)s holds what is no number.")),
    "gate.export-differs": Sentence(
        _("The export differs from torch by %(difference)s."), difference=significant_of(2)
    ),
    "gate.differs": Sentence(
        _("A probability differs by %(difference)s, above %(most)s."), difference=significant_of(3)
    ),
    "gate.picture-differs": Sentence(
        _("A picture differs: %(psnr)s dB, under %(least)s."), psnr=digits(1), least=digits(0)
    ),
    "gate.no-photo": Sentence(_("There was no photo to compare on.")),
    "gate.too-slow": Sentence(_("The check took longer than %(seconds)s s."), seconds=digits(0)),
    "gate.ended-with": Sentence(_("The check ended with %(status)s: %(last)s")),
    "gate.no-graph": Sentence(_("The graph of this version is missing.")),
}
MEASURING = {
    "measuring.laying-out": Sentence(
        ngettext_lazy(
            "laying out %(count)s photograph", "laying out %(count)s photographs", "count"
        )
    ),
    "measuring.going-on": Sentence(
        ngettext_lazy(
            "measuring on %(count)s photograph", "measuring on %(count)s photographs", "count"
        )
    ),
    "measuring.too-long": Sentence(_("Measuring took longer than four hours.")),
    "measuring.refused": Sentence(_("%(version)s, which %(stage)s: %(last)s")),
    "measuring.ended-with": Sentence(_("Measuring ended with %(status)s: %(last)s")),
    "measuring.no-mask": Sentence(
        _("This snapshot holds no photograph with a mask to measure on.")
    ),
    "measuring.no-undamaged": Sentence(
        _("This snapshot holds no undamaged photograph to measure on.")
    ),
    "measuring.no-coloured": Sentence(
        _("This snapshot holds no undamaged photograph in colour to measure on.")
    ),
    "measuring.no-mask-held-out": Sentence(
        _("This snapshot holds out no photograph with a mask to measure on.")
    ),
    "measuring.no-undamaged-held-out": Sentence(
        _("This snapshot holds out no undamaged photograph to measure on.")
    ),
    "measuring.no-coloured-held-out": Sentence(
        _("This snapshot holds out no undamaged photograph in colour to measure on.")
    ),
}
LACKING = {
    "lacking.encoder": Sentence(
        _(
            "No pretrained %(kind)s: the encoder starts at random. Bring it with manage.py"
            " import_encoder."
        )
    ),
    "lacking.features": Sentence(
        _(
            "No features of %(kind)s: the perceptual and style terms are off. Bring it with"
            " manage.py import_encoder."
        )
    ),
}
MEASURED = {
    "measured.on": Sentence(
        ngettext_lazy(
            "%(folder)s: %(count)s picture, seed %(seed)s.",
            "%(folder)s: %(count)s pictures, seed %(seed)s.",
            "count",
        )
    ),
    "measured.only": Sentence(_("Only what has one of these in its path: %(parts)s.")),
    "measured.without": Sentence(_("Without what has one of these in its path: %(parts)s.")),
    "measured.best": Sentence(
        _("best_ is at the method's own best threshold on these very pictures.")
    ),
    "measured.holes": Sentence(
        _(
            "Holes cover %(share)s on average; the largest measures %(largest)s px. Whole-picture"
            " PSNR depends on that share alone."
        ),
        share=tenths,
        largest=digits(0),
    ),
    "measured.casts": Sentence(_("Casts are mean shifts of Cb and Cr in skin and in dark cloth.")),
    "measured.colours": Sentence(
        _(
            "Classes are told by the true colour; to_grey is the mean MSE over grey's, of the"
            " worst class in worst_class_to_grey; colourfulness (Hasler, Süsstrunk 2003) over the"
            " truth's."
        )
    ),
    "measured.peeked": Sentence(
        _("Mean chroma is that of these pictures: a rival that has peeked.")
    ),
    "measured.worst-line": Sentence(
        _("Worst line at %(contrast)s levels, default cut: %(kind)s, %(width)s px, %(value)s."),
        width=plain_number,
        value=digits(2),
    ),
    "measured.most-marked": Sentence(
        _("Most marked at the default cut: %(name)s, %(share)s of all."), share=percent_apart
    ),
    "measured.seconds": Sentence(_("%(part)s %(seconds)s s"), seconds=digits(0)),
    "measured.time": Sentence(_("Processor time: %(parts)s."), parts=apart),
    "measured.probed": Sentence(
        _("Split %(split)s; lines and spots on %(count)s sound pictures of at most 768 x 512 px.")
    ),
    "measured.cut": Sentence(
        _("A cut is in logits from the default; cells with under 20 pictures are left out.")
    ),
    "measured.no-prints": Sentence(_("There is no %(file)s: the print set was left out.")),
    "measured.prints": Sentence(_("Prints: %(count)s of the %(listed)s listed were found.")),
}
SENTENCES = {**PROMOTIONS, **RUNS, **GATE, **MEASURING, **LACKING, **MEASURED}
