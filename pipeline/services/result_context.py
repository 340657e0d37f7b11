"""What the result page and the API say about a finished restoration."""

from collections.abc import Iterable
from typing import Any, TypedDict, cast

from config.web.roles import Person, roles_of
from config.words.said import Said, Words, read, said
from photos.models import Photo
from pipeline.models import Rendition, Restoration

Report = dict[str, Any]


class Proposal(TypedDict):
    """A question as `engine.guards.proposals.Proposal.said` gives it; places in px of the photo."""

    id: str
    reason: str
    number: int
    x: int
    y: int
    width: int
    height: int
    area: int
    anchor: list[int]
    certainty: float
    sentence: Words


class Facts(TypedDict):
    """What the reports of a restoration's renditions say together."""

    painted: bool
    shares: dict[str, float]
    found_percent: float
    largest_hole: float | None
    hole_limit: float | None
    faces: list[dict[str, Any]] | None
    status: str
    proposals: list[Proposal]
    skipped: dict[str, Words]
    """Kinds that were left out, with the reason."""
    warnings: list[Words]
    prints_at: str
    """Of the print that was scanned, as "13 × 18 cm"; empty if the scan does not say."""
    used: list[tuple[str, dict[str, str]]]
    total_seconds: float


def may_see_weights(user: Person) -> bool:
    """Whoever votes blindly must not learn which version made a picture; admins know anyway."""
    roles = roles_of(user)
    return "voter" not in roles or "admin" in roles


def facts(row: Restoration) -> Facts:
    """Largest hole, warnings, weights and seconds, out of the renditions' reports."""
    reports = {made.kind: made.report for made in row.made}
    mask, filled = reports.get("mask", {}), reports.get("inpainted", {})
    used: dict[str, dict[str, str]] = {}
    for report in reports.values():
        used |= report.get("weights", {})
    return {
        "painted": bool(mask.get("painted")),
        "shares": mask.get("shares", {}),
        "found_percent": 100 * mask.get("covered", 0.0),
        "largest_hole": filled.get("largest_hole"),
        "hole_limit": filled.get("hole_size_max"),
        "faces": next((report["faces"] for report in reports.values() if "faces" in report), None),
        "status": mask.get("status", "found"),
        "proposals": [_read(each) for each in mask.get("proposals", [])],
        "skipped": _skipped(reports),
        "warnings": _warnings(row.photo, mask, filled, reports.values()),
        "prints_at": prints_at(row.photo),
        "used": [(name, used[name]) for name in sorted(used, key=ORDER.index)],
        "total_seconds": sum(report.get("seconds", 0.0) for report in reports.values()),
    }


def _read(proposal: dict[str, Any]) -> Proposal:
    return cast(Proposal, {**proposal, "sentence": read(proposal["sentence"])})


def _warnings(photo: Photo, mask: Report, filled: Report, reports: Iterable[Report]) -> list[Words]:
    dust = mask.get("infrared", {})
    kept = [
        *photo.transform.get("notes", []),
        *([dust["said"]] if dust.get("places") else []),
        *mask.get("warnings", []),
        *filled.get("warnings", []),
    ]
    return [
        *map(read, kept),
        *_forbidden(licence for each in reports for licence in _licences(each)),
    ]


def notices(report: Report) -> list[Said]:
    """What licences of the networks behind a picture forbid; no network is named."""
    return _forbidden(_licences(report))


def _licences(report: Report) -> set[str]:
    return {each.get("noncommercial", "") for each in report.get("weights", {}).values()} - {""}


def _forbidden(licences: Iterable[str]) -> list[Said]:
    return [said("engine.noncommercial", licence=each) for each in sorted(set(licences))]


def prints_at(photo: Photo) -> str:
    """The size of the print that was scanned, "13 × 18 cm"; empty where the scan does not say."""
    dpi = photo.transform.get("dpi")
    if not dpi or not photo.width:
        return ""
    sides = (
        2.54 * side / each for side, each in zip((photo.width, photo.height), dpi, strict=True)
    )
    return " × ".join(f"{side:.1f}".rstrip("0").rstrip(".") for side in sides) + " cm"


def _skipped(reports: dict[str, Report]) -> dict[str, Words]:
    """Kinds that were left out because the photo is in colour, with the reason."""
    why = next((read(each["in_colour"]) for each in reports.values() if each.get("in_colour")), "")
    kinds = (Rendition.Kind.INPAINTED_COLORIZED, Rendition.Kind.COLORIZED)
    return {str(kind): why for kind in kinds if why and kind not in reports}


ORDER = ["segmentation", "inpainting", "colorization"]
