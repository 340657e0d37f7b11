"""Why a scan is not read, and what is noted of one that is."""

from config.words.marks import gettext_lazy as _
from config.words.marks import ngettext_lazy
from config.words.shapes import grouped, plain_number
from config.words.wall import Sentence

REFUSALS = {
    "scan.reading": Sentence(_("reading the scan")),
    "scan.empty": Sentence(_("This file is empty.")),
    "scan.pdf": Sentence(_("This is a PDF; save its pictures as TIFF, PNG or JPEG.")),
    "scan.raw": Sentence(
        _("This is a camera RAW file, which is not developed here; save the photograph as TIFF.")
    ),
    "scan.no-image": Sentence(
        _("This is not a JPEG, PNG, TIFF, WebP, HEIC, AVIF, JPEG 2000, BMP, PPM or GIF image.")
    ),
    "scan.animation": Sentence(
        _("This %(name)s is an animation of %(count)s pictures, not a photograph.")
    ),
    "scan.moving-png": Sentence(_("This PNG is an animation, not a photograph.")),
    "scan.samples": Sentence(
        _("This %(name)s stores its samples as %(kind)s; 8 and 16 bit integers are read.")
    ),
    "scan.float-samples": Sentence(
        _("This %(name)s stores its samples as float; integers are read.")
    ),
    "scan.deep": Sentence(_("This %(name)s has more than 16 bits a sample.")),
    "scan.bits": Sentence(_("This TIFF has %(bits)s bits a sample; 1, 2, 4, 8 and 16 are read.")),
    "scan.too-long": Sentence(
        _("This %(name)s is %(width)s x %(height)s pixels; the limit is %(limit)s a side."),
        width=grouped,
        height=grouped,
        limit=grouped,
    ),
    "scan.too-large": Sentence(
        _("This %(name)s has %(megapixels)s megapixels; the limit is %(limit)s."),
        megapixels=lambda value: f"{value:,.0f}",
        limit=plain_number,
    ),
    "scan.channels": Sentence(_("This %(name)s has %(count)s channels; the limit is %(limit)s.")),
    "scan.one-alone": Sentence(_("This file holds one photograph alone.")),
    "scan.photographs": Sentence(_("This TIFF has %(count)s photographs; the limit is %(limit)s.")),
    "scan.no-such-photograph": Sentence(
        ngettext_lazy(
            "This TIFF has %(count)s photograph, and no number %(number)s.",
            "This TIFF has %(count)s photographs, and no number %(number)s.",
            "count",
        )
    ),
    "scan.infrared-page": Sentence(
        _("This page is no photograph of its own: it is the infrared of page %(number)s.")
    ),
    "scan.heic-off": Sentence(
        _("HEIC images are switched off here; save the photo as JPEG or PNG.")
    ),
    "scan.heic-without-picture": Sentence(_("This HEIC is damaged: it holds no picture.")),
    "scan.heic-unreadable": Sentence(_("This HEIC cannot be read: %(detail)s.")),
    "scan.compression": Sentence(
        _("This TIFF is compressed with %(kind)s, which is not read here; save it with LZW or ZIP.")
    ),
    "scan.photometric": Sentence(
        _(
            "The colours of this TIFF are of a kind (photometric %(kind)s) that is not read here;"
            " save it as RGB."
        )
    ),
    "scan.lab-aside": Sentence(
        _("Lab in a TIFF's side directory is not read here; save it as RGB.")
    ),
    "scan.lab-layout": Sentence(_("Lab of this layout is not read here; save it as RGB.")),
    "scan.truncated": Sentence(_("This %(name)s ends too early: the file is truncated.")),
    "scan.other-kind": Sentence(
        _("This %(name)s is of a kind that is not read here; save it in another way.")
    ),
    "scan.damaged": Sentence(_("This %(name)s is damaged.")),
    "scan.damaged-so": Sentence(_("This %(name)s is damaged (%(detail)s).")),
    "scan.memory": Sentence(_("Reading this file takes more memory than one file is given.")),
    "scan.too-slow": Sentence(
        _("Reading this file took longer than %(seconds)s seconds, which is the limit."),
        seconds=plain_number,
    ),
    "scan.computing": Sentence(
        _("Reading this file took more than %(seconds)s seconds of computing.")
    ),
    "scan.decodes-too-large": Sentence(
        _("What this file decodes to is larger than one file may be.")
    ),
    "scan.our-fault": Sentence(
        _("This is a fault of Heirloom, not of the file. The decoder ended with %(error)s.")
    ),
    "scan.harmful": Sentence(
        _("The decoder stopped on this file; it is damaged or made to do harm.")
    ),
    "scan.not-the-one": Sentence(_("The stored file is not the one that was sent.")),
}
NOTES = {
    "note.no-end-mark": Sentence(
        _(
            "The file lacks its end mark; every line of the picture is there. Its copying may have"
            " broken off: compare it with another copy."
        )
    ),
    "note.damaged": Sentence(
        _(
            "Some of this JPEG's data is damaged: parts of the picture may be grey, shifted or of"
            " another colour. Look for an undamaged copy."
        )
    ),
    "note.salvaged": Sentence(
        _(
            "The file is incomplete or damaged; what is there was used. What is missing is grey,"
            " black or a smear: look for a whole copy."
        )
    ),
    "note.no-print": Sentence(_("No print stood out from the scanner's bed: nothing was cropped.")),
    "note.main-one": Sentence(
        _(
            "This HEIC holds %(count)s pictures; its main one is read. Save the others as files of"
            " their own."
        )
    ),
    "note.copies": Sentence(
        ngettext_lazy(
            "A smaller page of this TIFF (%(sizes)s) passed for a reduced copy by size alone and"
            " was left out; a photograph of its own belongs into a file of its own.",
            "%(count)s smaller pages of this TIFF (%(sizes)s) passed for a reduced copy by size"
            " alone and were left out; a photograph of its own belongs into a file of its own.",
            "count",
        )
    ),
    "note.many-copies": Sentence(
        _(
            "%(count)s smaller pages of this TIFF (%(sizes)s and %(more)s more) passed for a"
            " reduced copy by size alone and were left out; a photograph of its own belongs into a"
            " file of its own."
        )
    ),
    "note.infrared-is-picture": Sentence(
        _(
            "The infrared of this scan shows the picture itself, as it does on black-and-white film"
            " and Kodachrome; it was left alone."
        )
    ),
    "note.unknown-channel": Sentence(_("A further channel of unknown meaning was left out.")),
}
COLOURS = {
    "colour.lab": Sentence(_("Its colours came from Lab.")),
    "colour.taken-as-srgb": Sentence(_("Its colours were taken as sRGB.")),
    "colour.from": Sentence(_("Its colours came from %(kind)s.")),
    "colour.profile": Sentence(_("Its colours came by its profile.")),
    "colour.cmyk": Sentence(_("Its colours came by the built-in CMYK profile.")),
    "colour.damaged-cmyk": Sentence(
        _("Its colours came from CMYK by the built-in profile: its own is damaged.")
    ),
    "colour.damaged-profile": Sentence(_("Its colour profile is damaged and was ignored.")),
    "colour.gamma": Sentence(_("Its samples came by its gamma of %(gamma)s."), gamma=plain_number),
    "colour.primaries": Sentence(_("Its colours came by its own primaries.")),
}
SENTENCES = {**REFUSALS, **NOTES, **COLOURS}
