"""XML of strangers expands nothing: not in what an original says, not in another tool's masks."""

import pytest

from annotate.formats import cvat
from photos.decoding import plain_xml, told

BOMB = (
    "<!DOCTYPE x [<!ENTITY a0 'ha'>"
    + "".join(f"<!ENTITY a{n} '{f'&a{n - 1};' * 10}'>" for n in range(1, 10))
    + "]>"
)
XMP = '<x xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title></x>'
CVAT = '<annotations><image name="{}" width="1" height="1"/></annotations>'


def test_a_billion_laughs_are_refused_before_they_are_parsed(monkeypatch):
    monkeypatch.setattr(plain_xml.ElementTree, "fromstring", lambda text: pytest.fail("parsed"))
    with pytest.raises(plain_xml.DeclaresEntities):
        plain_xml.parse(BOMB + XMP.format("&a9;"))
    with pytest.raises(ValueError, match="declares entities"):
        cvat.parse((BOMB + CVAT.format("&a9;")).encode())
    assert told._of_xmp((BOMB + XMP.format("&a9;")).encode()) == {}


def hidden(declared, how):
    """The declaration where a search of the bytes does not find it."""
    if how == "broken bytes":
        return declared.encode().replace(b"<!DOC", b"<!DOC\xff").replace(b"<!EN", b"<!EN\xc3")
    return declared.encode(how)


@pytest.mark.parametrize("named", ["utf-7", "utf-16", "cp037"])
def test_what_a_document_calls_its_encoding_is_not_believed(named):
    said = f'<?xml version="1.0" encoding="{named}"?>' + XMP.format("Ada +ADw-")
    assert told._of_xmp(said.encode()) == {"title": "Ada +ADw-"}


@pytest.mark.parametrize("how", ["broken bytes", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_no_encoding_hides_a_declaration(how):
    said = hidden("<!DOCTYPE x [<!ENTITY a 'Mallory'>]>" + XMP.format("&a;"), how)
    assert told._of_xmp(said) == {}
    masks = hidden("<!DOCTYPE x [<!ENTITY a 'Mallory'>]>" + CVAT.format("&a;"), how)
    with pytest.raises(ValueError, match=r"not UTF-8|cannot be read as XML"):
        cvat.parse(masks)


def test_what_declares_nothing_is_read_also_with_broken_bytes():
    said = XMP.format("Ada & Söhne".replace("&", "&amp;")).encode().replace(b"Ada", b"A\xffda")
    assert told._of_xmp(said) == {"title": "Ada & Söhne"}
    with pytest.raises(ValueError, match="as XML"):
        plain_xml.parse("<x>")
