"""The parts of an import: one photo's share of its files, not read yet."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath
from typing import Any

from annotate.formats import labelme, manifest, npz, png
from annotate.formats.content import PICTURE_ENDINGS, without_ending
from annotate.formats.documents import is_small
from annotate.formats.label_studio import tasks
from annotate.formats.reading import NAMES, Shapes
from annotate.services.import_export import documents
from annotate.services.import_export.bundles import Bundle
from annotate.services.import_export.options import ALL, DOCUMENTS, Options
from config.errors import Refused
from config.words.said import Words, kept, reason_of, said
from photos.masks.classes import CLASSES

FILE_LIMIT = 50_000_000  # bytes of a mask of one photo
MOST_ANNOTATIONS = 100
JSON, PICTURES = frozenset({"json"}), frozenset({"png", "tif", "tiff", "bmp"})
ENDINGS = {
    "labelme": JSON,
    "npz": frozenset({"npz"}),
    "cvat": frozenset({"xml"}),
    "manifest": JSON,
    "coco": JSON,
    "label-studio": JSON,
    "label-studio-bitmask": JSON,
    "png": PICTURES,
    "png-index": PICTURES,
    "probability": PICTURES,
}
MASK_WORDS = ("mask", "gt", "label")
Look = Callable[[int, int], Shapes]


@dataclass(frozen=True)
class Part:
    """`names` are what the file calls its photo, the likeliest first; `number` is ours of it,
    `place` the folder in which such names lie.

    `look(width, height)` reads the shapes. `nothing` says why there is nothing to read.
    `alternatives` are parts of which several may go to one photo.
    """

    file: str
    names: tuple[str, ...]
    look: Look
    number: str = ""
    place: str = ""
    nothing: Words = ""
    author: str = ""
    alternative: bool = False
    seconds: float = 0.0
    tools: dict[str, Any] | None = None


@dataclass(frozen=True)
class Unread:
    """A file that cannot be read at all, and why."""

    file: str
    reason: Words


@dataclass
class Found:
    """Parts, files that cannot be read, and files that are no annotations."""

    parts: list[Part]
    unread: list[Unread]
    aside: list[str]


def found_in(bundle: Bundle, options: Options, until: ExitStack) -> Found:
    """Lists the parts of all files; temporary files live as long as `until`."""
    names = [name for name in bundle.names if name in bundle.asked or _fits(name, options.kind)]
    photographs = _photographs(names)
    names = [name for name in names if name not in photographs]
    found = Found([], [], [name for name in bundle.names if name not in set(names)])
    if not names:
        endings = ", ".join(sorted(ENDINGS[options.kind]))
        raise Refused(said("import.no-such-form", kind=options.kind, endings=endings))
    for name in names:
        try:
            found.parts.extend(map(_kept, _parts(name, bundle, options, until)))
        except Refused as error:
            found.unread.append(Unread(name, error.said))
        except ValueError as error:  # of a format's own words
            found.unread.append(Unread(name, reason_of(error)))
    if options.kind == "manifest":
        named = {part.file for part in found.parts}
        found.aside = [name for name in found.aside if name not in named]
    return found


def _kept(part: Part) -> Part:
    """Its words as they can be told; what reads it has the file's own."""
    names = tuple(kept(name) for name in part.names if name)
    return replace(part, file=kept(part.file), names=names, author=kept(part.author))


def _photographs(names: Sequence[str]) -> set[str]:
    """What lies in a folder `images` as its mask lies outside of it: so our own exports do."""
    stems = {name.rpartition(".")[0] for name in names}
    stems |= {stem.removesuffix(f".{label}") for stem in stems for label in CLASSES}
    found = set()
    for name in names:
        *folders, last = name.rpartition(".")[0].split("/")
        for place, folder in enumerate(folders):
            outside = [*folders[:place], *folders[place + 1 :], last]
            if folder == "images" and "/".join(outside) in stems:
                found.add(name)
    return found


def _fits(name: str, kind: str) -> bool:
    if kind == "manifest":
        return PurePosixPath(name).name == manifest.NAME
    return name.rpartition(".")[2].lower() in ENDINGS[kind]


def _parts(name: str, bundle: Bundle, options: Options, until: ExitStack) -> Iterator[Part]:
    if options.kind in DOCUMENTS:
        yield from _of_document(name, bundle, options, until)
    elif options.kind == "manifest":
        yield from _of_manifest(name, bundle)
    elif options.kind == "labelme":
        yield _labelme(name, bundle, options)
    elif options.kind == "npz":
        data = bundle.read(name)
        look = partial(_npz, bundle, name, options)
        yield Part(name, (without_npz(name),), look, number=npz.photo_id(data))
    else:
        data = bundle.read(name, FILE_LIMIT)
        yield _picture(name, data, bundle, options)


def without_npz(name: str) -> str:
    return name[:-4] if name.lower().endswith(".npz") else name


def _of_document(name: str, bundle: Bundle, options: Options, until: ExitStack) -> Iterator[Part]:
    module = DOCUMENTS[options.kind]
    for called, read in documents.readers(options.kind, partial(bundle.copy, name), until):
        look = partial(_look, module, read, called, options)
        part = Part(
            f"{name}: {called}", (called,), look, number=module.photo_id(module.parse(read()))
        )
        if module is DOCUMENTS["label-studio"]:
            yield from _annotations(part, read, options)
        else:
            yield part


def _look(
    module: Any,
    read: Callable[[], bytes],
    called: str,
    options: Options,
    width: int,
    height: int,
    **more: Any,
) -> Shapes:
    shapes: Shapes = module.look(module.parse(read()), called, width, height, options.how, **more)
    return shapes


def _annotations(part: Part, read: Callable[[], bytes], options: Options) -> Iterator[Part]:
    """The newest annotation of a Label Studio task, or all of them."""
    module = DOCUMENTS["label-studio"]
    (task,) = module.parse(read())
    rows = tasks.finished(task)
    if not rows:
        yield replace(part, nothing=tasks.why_nothing(task))
    elif options.annotations != ALL:
        yield replace(part, author=tasks.author_of(rows[0]))
    elif len(rows) > MOST_ANNOTATIONS:
        raise ValueError(f"{part.names[0]} has more than {MOST_ANNOTATIONS} annotations.")
    else:
        for number, row in enumerate(rows):
            yield replace(
                part,
                file=f"{part.file}, annotation {row.get('id', number + 1)}",
                look=partial(_look, module, read, part.names[0], options, which=number),
                author=tasks.author_of(row),
                alternative=len(rows) > 1,
            )


def _labelme(name: str, bundle: Bundle, options: Options) -> Part:
    """The path in the file first, then the name of the file itself."""
    data = bundle.read(name)
    if not is_small(data):
        raise Refused(said("mask.alone-too-large", name=name[:100]))
    document = labelme.parse(data)
    path = document.get("imagePath")
    own = name.removesuffix(".json")
    names = (path, own) if isinstance(path, str) and path else (own,)

    def look(width: int, height: int) -> Shapes:
        return labelme.look(labelme.parse(bundle.read(name)), width, height, options.how)

    place = name.rpartition("/")[0]
    return Part(name, names, look, number=labelme.photo_id(document), place=place)


def _npz(bundle: Bundle, name: str, options: Options, width: int, height: int) -> Shapes:
    return _whole(npz.read(bundle.read(name), width, height, options.how.labels), options)


def _whole(mask: Any, options: Options) -> Shapes:
    """A mask of class bits: each class that it uses counts as one shape."""
    height, width = mask.shape
    shapes = Shapes(width, height, options.how)
    shapes.mask |= mask
    shapes.taken.update(label for bit, label in NAMES.items() if (mask & bit).any())
    shapes.undamaged = not shapes.taken
    return shapes


def _picture(name: str, data: bytes, bundle: Bundle, options: Options) -> Part:
    number = png.photo_id(data)
    if options.kind == "png":
        names, bit = class_in(name, CLASSES[options.defect])

        def look(width: int, height: int) -> Shapes:
            return png.look(bundle.read(name, FILE_LIMIT), bit, width, height, options.how)

        return Part(name, names, look, number=number)

    def whole(width: int, height: int) -> Shapes:
        return _whole(png.read_index(bundle.read(name, FILE_LIMIT), width, height), options)

    return Part(name, (name, class_in(name, 0)[0][-1]), whole, number=number)


def class_in(name: str, bit: int) -> tuple[tuple[str, ...], int]:
    """(what the photo may be called, class bit): `a/p.hole.png` is of `a/p` and shows holes.

    A photo may be called so itself, and is asked for first. Words such as `_mask` are no name.
    """
    stem = without_ending(name)
    names = [name]
    for _ in range(2):  # p_mask.hole.png
        base, _, word = _last_word(stem)
        if not base or word not in (*CLASSES, *MASK_WORDS):
            break
        bit = CLASSES.get(word, bit)
        stem = base
        names.append(stem)
    return tuple(names), bit


def _last_word(stem: str) -> tuple[str, str, str]:
    at = max(stem.rfind(mark) for mark in "._- ")
    return (stem[:at], stem[at], stem[at + 1 :].lower()) if at > 0 else ("", "", "")


def _of_manifest(name: str, bundle: Bundle) -> Iterator[Part]:
    folder = PurePosixPath(name).parent
    for entry in manifest.parse(bundle.read(name)):
        file = str(folder / entry["file"])

        def look(width: int, height: int, entry: Any = entry, file: str = file) -> Shapes:
            mask = manifest.read(entry, bundle.read(file, FILE_LIMIT), width, height)
            return _whole(mask, Options("manifest"))

        assessor, seconds, tools = manifest.story(entry)
        number = str(entry.get("photo_id") or "")
        more = {"author": assessor, "seconds": seconds, "tools": tools}
        yield Part(file, (entry["photo"],), look, number=number, **more)  # type: ignore[arg-type]


def is_picture(name: str) -> bool:
    return name.rpartition(".")[2].lower() in PICTURE_ENDINGS
