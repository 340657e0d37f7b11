"""What runs, measurements and promotions say."""

from config.words.marks import gettext_lazy as _
from config.words.marks import ngettext_lazy
from config.words.shapes import digits, grouped, significant
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
    "gate.here-already": Sentence(_("This graph is here already: %(version)s.")),
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
SENTENCES = {**PROMOTIONS, **RUNS, **GATE, **MEASURING}
