"""What the original says of itself: date, title, credit, copyright. Never a place. Pure.

EXIF, IPTC and XMP, in this order of age; the newest word counts.
"""

import io
from typing import Any

from photos.decoding import plain_xml
from photos.decoding.tiff.directories import Directory, first_of, pointed_at

LONGEST = 300  # letters of each
EXIF_IFD, DATE, DATE_TAKEN, ARTIST, COPYRIGHT, DESCRIPTION = 34665, 306, 36867, 315, 33432, 270
IPTC = {5: "title", 55: "date", 110: "credit", 116: "copyright"}
DC, PHOTOSHOP = "{http://purl.org/dc/elements/1.1/}", "{http://ns.adobe.com/photoshop/1.0/}"
XMP = {
    f"{DC}title": "title",
    f"{DC}rights": "copyright",
    f"{PHOTOSHOP}Credit": "credit",
    f"{PHOTOSHOP}DateCreated": "date",
}


def told(image: Any, directory: Directory | None = None) -> dict[str, str]:
    """Of a libvips image and, for a TIFF, its directory; what is not said is left out."""
    found = _of_directory(directory) if directory else {}
    for field, read in (("exif-data", _of_exif), ("iptc-data", _of_iptc), ("xmp-data", _of_xmp)):
        if image.get_typeof(field):
            found |= read(bytes(image.get(field)))
    return {name: text for name, text in ((n, _line(t)) for n, t in found.items()) if text}


def _of_directory(directory: Directory) -> dict[str, str]:
    texts = directory.texts
    named = {"title": DESCRIPTION, "credit": ARTIST, "copyright": COPYRIGHT, "date": DATE}
    return {name: texts[tag] for name, tag in named.items() if texts.get(tag)}


def _of_exif(data: bytes) -> dict[str, str]:
    file = io.BytesIO(data[6:] if data[:4] == b"Exif" else data)
    first = first_of(file)
    if first is None:
        return {}
    found = _of_directory(first)
    own = pointed_at(file, EXIF_IFD)
    taken = own.texts.get(DATE_TAKEN, "") if own else ""
    return found | ({"date": taken} if taken else {})


def _of_iptc(data: bytes) -> dict[str, str]:
    found: dict[str, str] = {}
    at = data.find(b"\x1c\x02")
    while at >= 0 and at + 5 <= len(data) and data[at] == 0x1C:
        length = int.from_bytes(data[at + 3 : at + 5], "big")
        name = IPTC.get(data[at + 2]) if data[at + 1] == 2 else None
        if name and length < 0x8000:
            found[name] = data[at + 5 : at + 5 + length].decode("utf-8", "replace")
        at += 5 + length
    return found


def _of_xmp(data: bytes) -> dict[str, str]:
    """Nothing of a packet that cannot be read; broken bytes in a text are left out."""
    text = data.strip(b"\0 \n\r\t").decode("utf-8", "ignore").lstrip("\ufeff")
    try:
        root = plain_xml.parse(text)
    except ValueError:
        return {}
    found: dict[str, str] = {}
    for element in root.iter():
        found |= {XMP[name]: text for name, text in element.attrib.items() if name in XMP}
        if element.tag in XMP:
            found[XMP[element.tag]] = "".join(element.itertext())
    return found


def _line(text: str) -> str:
    words = " ".join(text.split())
    return "".join(letter for letter in words if letter.isprintable())[:LONGEST]
