"""What is wrong with a file of masks that was brought in, and with single shapes of it."""

from config.words.marks import gettext_lazy as _
from config.words.marks import ngettext_lazy
from config.words.shapes import grouped, percent_apart, plain_number
from config.words.wall import Sentence

DOCUMENTS = {
    "file.no-json": Sentence(_("This is not a %(form)s file: it cannot be read as JSON.")),
    "file.no-xml": Sentence(_("This is not a %(form)s file: it cannot be read as XML.")),
    "file.no-utf8": Sentence(_("The %(form)s file is not UTF-8.")),
    "file.too-long": Sentence(_("The file is too large: at most %(limit)s MB are read.")),
    "file.too-much": Sentence(
        _("The file holds too much: at most %(limit)s values are read."), limit=grouped
    ),
    "file.entry-too-long": Sentence(_("One entry is longer than %(limit)s MB.")),
    "file.entry-too-large": Sentence(_("One entry of this file is too large to be read here.")),
    "file.lacks": Sentence(_("The file lacks %(key)s where it should stand.")),
    "file.no-list": Sentence(_("The file should hold a list at %(key)s.")),
    "file.no-object": Sentence(_("The file should hold an object at %(key)s.")),
    "file.not-mentioned": Sentence(_("The %(form)s file does not mention %(photo)s.")),
    "file.entities": Sentence(_("The CVAT file declares entities, which no export does.")),
    "file.tracks": Sentence(
        _(
            "This is CVAT's form for video: its tracks carry no file names. Export the task once"
            ' more as "CVAT for images 1.1".'
        )
    ),
    "file.no-whole-number": Sentence(
        _("The CVAT file lacks a whole number %(key)s at %(element)s.")
    ),
    "file.category-twice": Sentence(_("Two categories have the id %(id)s.")),
    "file.image-twice": Sentence(_("Two images of the file have the id %(id)s.")),
    "file.many-categories": Sentence(_("A COCO file has at most %(limit)s categories here.")),
    "file.no-id": Sentence(_("The file holds an id that is no number and no text.")),
    "file.homeless": Sentence(
        ngettext_lazy(
            "Shapes of %(count)s image have none in the file: their image_id %(id)s is the id of"
            " no image.",
            "Shapes of %(count)s images have none in the file: their image_id %(id)s is the id of"
            " no image.",
            "count",
        )
    ),
    "file.no-shapes": Sentence(_("This is not a labelme file: it lacks shapes.")),
    "file.many-columns": Sentence(_("A Label Studio task has at most %(limit)s columns here.")),
    "file.which-column": Sentence(
        _("It is not clear which column of a task is the picture: %(columns)s.")
    ),
    "file.no-columns": Sentence(_("A task of it has no column that could be the picture.")),
    "file.other-manifest": Sentence(_("This manifest is not of the form %(form)s.")),
    "file.manifest-lacks": Sentence(_("A mask of the manifest has no text at %(key)s.")),
    "file.other-mask": Sentence(_("%(file)s is not the mask that the manifest names.")),
    "file.skipped": Sentence(_("skipped in Label Studio")),
    "file.not-annotated": Sentence(_("not annotated in Label Studio")),
    "file.photo-skipped": Sentence(_("%(photo)s is skipped in Label Studio.")),
    "file.photo-not-annotated": Sentence(_("%(photo)s is not annotated in Label Studio.")),
}
PICTURES = {
    "mask.other-size": Sentence(
        _("The mask is %(across)s x %(down)s pixels, the photo %(width)s x %(height)s.")
    ),
    "mask.other-size-as-stored": Sentence(
        _(
            "The mask is %(across)s x %(down)s pixels, the photo %(width)s x %(height)s. These are"
            " the sides of the file before it was turned upright: import it as drawn on the stored"
            " file (--as-stored)."
        )
    ),
    "mask.photograph": Sentence(
        _("%(grey)s of it is grey: it is a photograph and no mask."), grey=percent_apart
    ),
    "mask.too-dark": Sentence(
        _(
            "Nothing in it is damage: its brightest level is %(brightest)s of 255, and damage"
            " begins at %(threshold)s."
        )
    ),
    "mask.no-index": Sentence(_("A picture of class bits must have 8 bits and one channel.")),
    "mask.no-bits": Sentence(_("The picture holds values that are no class bits.")),
    "mask.colour-map": Sentence(_("A probability map has grey levels, not a colour map.")),
    "mask.several": Sentence(_("The file holds several pictures: save each as a file of its own.")),
    "mask.unreadable": Sentence(_("The mask is not a readable PNG, TIFF or BMP.")),
    "mask.texts-too-large": Sentence(_("The texts packed into the picture are too large.")),
    "mask.alone-too-large": Sentence(_("The mask of %(name)s alone is too large to be read here.")),
    "mask.no-array": Sentence(_("The NumPy archive holds no mask and no class by its name.")),
    "mask.no-archive": Sentence(_("This is not a readable NumPy archive.")),
    "mask.dimensions": Sentence(_("An array of %(count)s dimensions is no mask; two are.")),
    "mask.no-whole-array": Sentence(
        _("A mask is of whole numbers or true and false, not of %(kind)s.")
    ),
    "mask.long-array": Sentence(_("The array is longer than its shape.")),
    "mask.no-bits-array": Sentence(_("The array called mask must hold class bits.")),
    "mask.wrong-bits-array": Sentence(_("The array holds values that are no class bits.")),
}
SHAPES = {
    "shape.unknown-class": Sentence(_("The class %(name)s is unknown here: one of %(known)s.")),
    "shape.no-pixel": Sentence(
        _("A shape of the kind %(kind)s (%(label)s) covers no pixel of the photo.")
    ),
    "shape.no-width": Sentence(
        _(
            "A line (%(label)s) has no width: say how many pixels wide lines are drawn"
            " (--line-width)."
        )
    ),
    "shape.no-mask": Sentence(_("A shape of the kind %(kind)s (%(label)s) is no mask.")),
    "shape.classless": Sentence(_("A shape of the kind %(kind)s (%(label)s) has no class.")),
    "shape.no-numbers": Sentence(_("A shape of the kind %(kind)s is not made of numbers.")),
    "shape.no-pairs": Sentence(_("A shape of the kind %(kind)s is not a list of x, y pairs.")),
    "shape.corners": Sentence(_("A polygon needs 3 to %(limit)s points, this has %(count)s.")),
    "shape.far-outside": Sentence(
        _("A polygon lies far outside the photo: it is of another picture.")
    ),
    "shape.too-wide": Sentence(_("A line is at most %(limit)s pixels wide."), limit=plain_number),
    "shape.line-points": Sentence(_("A line needs 2 to %(limit)s points, this has %(count)s.")),
    "shape.to-and-fro": Sentence(_("A line goes to and fro over the photo too often.")),
    "shape.no-box": Sentence(_("An annotation has neither a segmentation nor a box.")),
    "shape.negative-box": Sentence(_("A box has a negative width or height.")),
    "shape.box-numbers": Sentence(_("A box is not made of four numbers.")),
    "shape.read-as-box": Sentence(
        _("Annotations without a segmentation were read as their filled boxes.")
    ),
    "shape.no-whole-numbers": Sentence(
        _("Run lengths and brushes must be whole numbers from 0 up.")
    ),
    "shape.runs-size": Sentence(
        _("The run lengths do not add up to %(width)s x %(height)s pixels.")
    ),
    "shape.runs-damaged": Sentence(_("The compressed run lengths are damaged.")),
    "shape.runs-cut-off": Sentence(_("The compressed run lengths are cut off.")),
    "shape.no-base64": Sentence(_("The picture of a mask is not base64.")),
    "shape.no-data-url": Sentence(_("A bitmask must be a PNG in a data URL.")),
    "shape.leaves-photo": Sentence(
        _(
            "A mask of %(across)s x %(down)s at %(left)s, %(top)s leaves the photo of"
            " %(width)s x %(height)s."
        )
    ),
    "shape.two-points": Sentence(_("A labelme box or circle has two points.")),
    "shape.no-corners": Sentence(_("A labelme mask lacks the corners of its box.")),
    "shape.box-leaves-photo": Sentence(
        _("A labelme mask leaves the photo of %(width)s x %(height)s pixels.")
    ),
    "shape.brush-size": Sentence(_("The brush holds %(pixels)s pixels, the photo %(wanted)s.")),
    "shape.brush-bytes": Sentence(_("A brush must be made of bytes.")),
    "shape.brush-too-long": Sentence(_("The brush is longer than its photo.")),
    "shape.brush-cut-off": Sentence(_("The brush is cut off.")),
}
SENTENCES = {**DOCUMENTS, **PICTURES, **SHAPES}
