"""What a study's verdict, its guards and its doubts say."""

from config.words.marks import gettext_lazy as _
from config.words.marks import ngettext_lazy
from config.words.shapes import apart, digits, groups, percent
from config.words.wall import Sentence

VERDICT = {
    "verdict.beat": Sentence(_("%(by)s beat %(name)s %(wins)s to %(losses)s.")),
    "verdict.wins": Sentence(_("%(winner)s wins: every other candidate was beaten.")),
    "verdict.equal": Sentence(_("%(first)s and %(second)s are equal for practical purposes.")),
    "verdict.no-vote": Sentence(_("There is no decisive vote.")),
    "verdict.still-in": Sentence(_("Still in: %(names)s.")),
    "verdict.unclear": Sentence(_("There is no clear difference.")),
    "verdict.left-alone": Sentence(_("%(name)s is left, but no winner is named.")),
    "verdict.free": Sentence(_("This study rates sets of pictures: it promotes nothing.")),
    "verdict.from-files": Sentence(
        _(
            "%(winner)s is a set of pictures from files: it has no weights to promote, and nobody"
            " is promoted in its place. Production stays as it is."
        )
    ),
}
GUARDS = {
    "guard.both-bad": Sentence(
        _("%(rate)s of its ballots were called both bad; the limit is %(limit)s."),
        rate=percent,
        limit=percent,
    ),
    "guard.category-against": Sentence(
        _("In %(category)s, %(rival)s beat it %(wins)s to %(losses)s.")
    ),
    "guard.study-against": Sentence(_("In this study, %(rival)s beat it %(wins)s to %(losses)s.")),
    "guard.categories-hold": Sentence(_("No category speaks against it.")),
    "guard.sides-preferred": Sentence(
        _("It stood on the left in %(left)s of %(pairs)s pairs, and voters prefer one side.")
    ),
    "guard.sides-even": Sentence(
        _("It stood on the left in %(left)s of %(pairs)s pairs; voters prefer no side.")
    ),
    "guard.scale-holds": Sentence(_("All candidates hang together and the scale fits it.")),
    "guard.few-voters": Sentence(
        ngettext_lazy(
            "%(count)s unflagged voter, the busiest cast %(share)s of the votes; %(needed)s voters"
            " are needed.",
            "%(count)s unflagged voters, the busiest cast %(share)s of the votes; %(needed)s voters"
            " are needed.",
            "count",
        ),
        share=percent,
    ),
    "guard.busy-voter": Sentence(
        ngettext_lazy(
            "%(count)s unflagged voter, the busiest cast %(share)s of the votes; the limit is"
            " %(limit)s.",
            "%(count)s unflagged voters, the busiest cast %(share)s of the votes; the limit is"
            " %(limit)s.",
            "count",
        ),
        share=percent,
        limit=percent,
    ),
    "guard.voters-hold": Sentence(
        ngettext_lazy(
            "%(count)s unflagged voter, the busiest cast %(share)s of the votes.",
            "%(count)s unflagged voters, the busiest cast %(share)s of the votes.",
            "count",
        ),
        share=percent,
    ),
    "guard.one-voter-leads": Sentence(_("Without voter %(number)s, %(name)s would rank first.")),
    "guard.one-voter-beats": Sentence(
        _("Without voter %(number)s, %(name)s would have thrown it out.")
    ),
    "guard.one-voter-holds": Sentence(
        _("No single voter decides: without any one it still leads.")
    ),
}
DOUBTS = {
    "doubt.no-votes": Sentence(_("The strengths are undefined: no votes that count.")),
    "doubt.all-ties": Sentence(
        ngettext_lazy(
            "The strengths are undefined: the only vote is a tie.",
            "The strengths are undefined: all %(count)s votes are ties.",
            "count",
        )
    ),
    "doubt.single-vote": Sentence(_("The strengths are undefined: there is a single vote.")),
    "doubt.islands": Sentence(
        _(
            "Nobody compared these groups with each other: %(groups)s. Strengths across groups"
            " mean nothing."
        ),
        groups=groups,
    ),
    "doubt.separation": Sentence(
        _(
            "Between these groups nobody ever won both ways: %(groups)s. Their finite distance"
            " comes from the prior alone."
        ),
        groups=groups,
    ),
    "doubt.circles": Sentence(_("The majorities run in a circle: %(circles)s."), circles=apart),
    "doubt.circle": Sentence(_("%(first)s over %(second)s over %(third)s over %(first)s")),
    "doubt.left-side": Sentence(
        _("The left side is preferred: it wins %(share)s of decisive votes between equals."),
        share=percent,
    ),
    "doubt.right-side": Sentence(
        _("The right side is preferred: it wins %(share)s of decisive votes between equals."),
        share=percent,
    ),
    "doubt.misfit": Sentence(
        _("One scale does not explain these votes (p = %(p)s), most of all %(pairs)s."),
        p=digits(3),
        pairs=apart,
    ),
    "doubt.pair": Sentence(_("%(first)s against %(second)s")),
    "agreement.no-pairs": Sentence(_("no unit has two values")),
    "agreement.one-category": Sentence(_("all values are one category")),
    "agreement.uneven": Sentence(_("units differ in how often they were rated")),
}
PROMOTIONS = {
    "study.guard-blocks": Sentence(_("A guard blocks the promotion. %(why)s")),
    "study.override": Sentence(_("%(person)s overrides a guard: %(text)s")),
    "study.won": Sentence(_("%(study)s: %(reasons)s")),
    "study.photo": Sentence(_("Photo %(number)s of %(of)s")),
    "study.still-made": Sentence(_("Some pictures are still being made.")),
    "study.nobody-made": Sentence(_("%(version)s has no picture of %(photo)s: nobody made it")),
    "study.no-picture": Sentence(_("%(version)s has no picture of %(photo)s: %(why)s")),
    "study.photo-erased": Sentence(_("A photo of this study was erased.")),
    "study.most-candidates": Sentence(_("A study has at most %(most)s candidates.")),
    "study.no-draft": Sentence(_("%(study)s is not a draft any more: it stays as it is.")),
}
RIVALS = {
    "rival.reading": Sentence(_("%(file)s, %(number)s of %(of)s")),
    "rival.no-photo": Sentence(_("No photo is called so.")),
    "rival.several-photos": Sentence(_("Several photos are.")),
    "rival.same-photo": Sentence(_("%(file)s is of the same photo.")),
    "rival.no-folder": Sentence(_("There is no folder or ZIP %(name)s.")),
    "rival.too-many": Sentence(_("This ZIP holds %(count)s files; %(most)s at most.")),
    "rival.called-alike": Sentence(_("Two files of this ZIP are called %(name)s.")),
    "rival.empty": Sentence(_("There is no picture in it.")),
    "rival.none-taken": Sentence(_("None of %(count)s files was taken. %(file)s: %(why)s")),
    "unfit.grey": Sentence(_("It is grey, and the study compares colours.")),
    "unfit.shape": Sentence(
        _("%(wide)s x %(tall)s px has another shape than the photo's %(width)s x %(height)s.")
    ),
    "unfit.size": Sentence(
        _(
            "%(wide)s x %(tall)s px is neither the photo's %(width)s x %(height)s nor a whole"
            " factor of it, give or take %(reach)s px on each side."
        )
    ),
    "unfit.other-photo": Sentence(
        _("It does not show this photo, or is shifted by more than %(reach)s px.")
    ),
    "unfit.shifted": Sentence(
        _("It is shifted by (%(right)s, %(down)s) px; up to %(reach)s are aligned.")
    ),
    "unfit.large": Sentence(_("It is larger than a scan may be.")),
    "unfit.no-picture": Sentence(_("Its photo has no picture of its own.")),
    "fitted.scaled": Sentence(_("scaled from %(width)s x %(height)s px")),
    "fitted.reduced": Sentence(_("reduced by %(factor)s")),
    "fitted.enlarged": Sentence(_("enlarged by %(factor)s")),
    "fitted.aligned": Sentence(_("aligned by (%(right)s, %(down)s) px")),
    "fitted.both": Sentence(_("%(scaled)s, %(aligned)s")),
}
SENTENCES = {**VERDICT, **GUARDS, **DOUBTS, **PROMOTIONS, **RIVALS}
