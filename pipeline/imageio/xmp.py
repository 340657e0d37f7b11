"""Provenance as XMP: what software and weights made a picture, in IPTC's terms. Pure.

Nothing personal and no clock: the same scan gives the same bytes. IPTC's digital source types:
https://cv.iptc.org/newscodes/digitalsourcetype/
"""

from collections.abc import Mapping, Sequence
from xml.sax.saxutils import quoteattr

from config.version import VERSION

SOURCE_TYPES = "http://cv.iptc.org/newscodes/digitalsourcetype/"
REPAIRED = "algorithmicallyEnhanced"
COLOURED = "compositeWithTrainedAlgorithmicMedia"
TYPES = {
    "inpainted": REPAIRED,
    "inpainted_colorized": COLOURED,
    "colorized": COLOURED,
}
SPACES = {
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
    "heirloom": "urn:heirloom:provenance:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
}
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
# How XMP names what may go on of the original, and whether in a list of languages.
KEPT = {
    "title": ("dc:title", True),
    "copyright": ("dc:rights", True),
    "credit": ("photoshop:Credit", False),
    "date": ("photoshop:DateCreated", False),
}


def provenance(
    kind: str, weights: Sequence[tuple[str, str]], kept: Mapping[str, str] | None = None
) -> bytes:
    """An XMP packet for a picture of `kind` (a rendition's) by `weights` (stage, SHA-256).

    `kept` are the original's date, title, credit and copyright, where somebody asked for them.
    """
    facts = {"xmp:CreatorTool": f"Heirloom {VERSION}", "heirloom:result": kind}
    if kind in TYPES:
        facts["Iptc4xmpExt:DigitalSourceType"] = SOURCE_TYPES + TYPES[kind]
    facts |= {f"heirloom:{stage}": f"sha256:{digest}" for stage, digest in sorted(weights)}
    texts = {name: text for name, text in (kept or {}).items() if name in KEPT and text}
    facts |= {KEPT[name][0]: text for name, text in texts.items() if not KEPT[name][1]}
    listed = {KEPT[name][0]: text for name, text in texts.items() if KEPT[name][1]}
    return _packet(facts, listed).encode()


def _packet(facts: Mapping[str, str], listed: Mapping[str, str]) -> str:
    used = {name.partition(":")[0] for name in (*facts, *listed)}
    spaces = " ".join(f'xmlns:{each}="{SPACES[each]}"' for each in SPACES if each in used)
    attributes = " ".join(f"{name}={quoteattr(text)}" for name, text in sorted(facts.items()))
    items = "".join(
        f'<{name}><rdf:Alt><rdf:li xml:lang="x-default">{_escaped(text)}</rdf:li></rdf:Alt>'
        f"</{name}>"
        for name, text in sorted(listed.items())
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="{RDF}">'
        f'<rdf:Description rdf:about="" {spaces} {attributes}>{items}</rdf:Description>'
        '</rdf:RDF></x:xmpmeta><?xpacket end="r"?>'
    )


def _escaped(text: str) -> str:
    return quoteattr(text)[1:-1]
