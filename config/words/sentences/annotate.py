"""What becomes of masks and photographs that are brought in."""

from config.words.marks import gettext_lazy as _
from config.words.marks import ngettext_lazy
from config.words.wall import Sentence

SENTENCES = {
    "suggestion.size": Sentence(_("The suggestion is %(size)s pixels, the photo %(photo)s.")),
    "suggestion.no-png": Sentence(_("This is not a PNG.")),
    "import.no-photograph": Sentence(_("no photograph")),
    "import.here-as": Sentence(_("already here as %(title)s")),
    "import.bad-zip": Sentence(_("The ZIP cannot be read: %(error)s.")),
    "import.not-annotated": Sentence(_("no shapes, and no word that there is no damage")),
    "import.looking": Sentence(_("looking at %(file)s")),
    "import.file": Sentence(_("%(file)s: %(why)s")),
    "import.files": Sentence(_("%(file)s and %(count)s more: %(why)s")),
    "import.refused": Sentence(_("%(files)s Nothing was imported.")),
    "import.many-refused": Sentence(
        ngettext_lazy(
            "%(files)s And %(count)s more. Nothing was imported.",
            "%(files)s And %(count)s more. Nothing was imported.",
            "count",
        )
    ),
    "import.holds-nothing": Sentence(_("Nothing of it can be imported. It holds nothing.")),
    "import.nothing-fits": Sentence(_("Nothing of it can be imported. %(why)s")),
    "import.same-photo": Sentence(_("It means the same photo as %(file)s: %(photo)s.")),
    "import.may-be-skipped": Sentence(_("%(left_out)s What is unknown can be skipped.")),
    "import.not-understood": Sentence(_("Nothing of it is understood: %(left_out)s")),
    "import.accepted-mask": Sentence(_("the accepted mask of %(day)s")),
    "import.accepted-mask-by": Sentence(_("the accepted mask by %(author)s of %(day)s")),
    "import.no-word": Sentence(_("Nobody said yes to it within a week; bring the file once more.")),
    "import.came-meanwhile": Sentence(
        _("%(file)s came in meanwhile from somewhere else; look it through again.")
    ),
    "import.no-such-form": Sentence(_("No file of the form %(kind)s is in it (%(endings)s).")),
    "import.no-photo-called": Sentence(_("No photo is called %(name)s.")),
    "import.no-name": Sentence(_("It names no photo.")),
    "import.several-photos": Sentence(
        _(
            "Several photos are called %(name)s. A file with photo numbers, or with the folders of"
            " the originals, tells them apart."
        )
    ),
    "import.other-folder": Sentence(
        _("The photo of this name lies in %(folder)s. Folders can be left out of the comparison.")
    ),
}
