"""Metric paths and model cards in plain words: pure text, no queries."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from config.words.wall import in_words

PARTS = {
    "real": "given masks",
    "synthetic": "synthetic damage",
    "portraits": "portraits",
    "photos": "varied photographs",
    "fracture": "fractures",
    "scuff": "scuffs",
    "hole": "holes",
    "network": "this network",
    "telea": "Telea",
    "navier_stokes": "Navier-Stokes",
    "grey": "no colour",
    "mean": "average colour",
}
# Short name, and which way is better.
MEASURES = {
    "dice": ("Overlap (Dice)", "higher is better"),
    "dice_corrected": ("Overlap (Dice) at the loss weight's threshold", "higher is better"),
    "auc": ("ROC AUC", "higher is better"),
    "ap": ("Average precision", "higher is better"),
    "hole_psnr": ("PSNR inside holes, dB", "higher is better"),
    "chroma_mse": ("Colour error", "lower is better"),
    "margin": ("Lead over OpenCV, dB", "higher is better"),
    "score": ("Score", "the best one is kept"),
    "loss": ("Loss", "lower is better"),
    "rate": ("Learning rate", ""),
}
# Names in the reports of training.measuring.evaluate.
TABLED = {
    "auc": "ROC AUC",
    "ap": "Average precision",
    "iou": "IoU",
    "tolerant_f1": "F1 within 2 px",
    "cl_dice": "clDice",
    "psnr_holes": "PSNR inside holes, dB",
    "psnr": "PSNR of the whole picture, dB",
    "ssim": "SSIM",
    "margin": "Lead over OpenCV, dB",
    "mse_cbcr": "MSE of Cb and Cr",
    "mse_rgb": "MSE of RGB",
    "psnr_rgb": "PSNR of RGB, dB",
    "chroma_error": "Distance in Cb and Cr",
    "marked_percent": "Marked of all pixels, %",
    "worst_photo_percent": "Marked of the worst photo, %",
    "largest_mark": "Largest mark, px",
    "photos_marked_200_px": "Photos with a mark above 200 px",
}
RIVALS = ("network", "telea", "navier_stokes", "grey", "mean")
HEADLINES = {
    "segmentation": ("real/fracture/dice", "synthetic/fracture/dice"),
    "inpainting": ("hole_psnr/network", "margin"),
    "colorization": ("chroma_mse/network", "chroma_mse/grey"),
}
DOES = {
    "segmentation": "Looks at the brightness of a photograph and says for every pixel how likely"
    " it lies in a fracture, a scuff or a hole.",
    "inpainting": "Fills the pixels of a mask from what surrounds them and leaves every other"
    " pixel as it was.",
    "colorization": "Guesses two colour values for every pixel and keeps the brightness as it is:"
    " a plausible colour, not the historical one.",
}


@dataclass(frozen=True)
class Figure:
    """A measure, what it was taken of, and its value."""

    measure: str
    of: str
    value: float
    better: str = ""


def figure(path: str, value: float) -> Figure:
    """``real/fracture/dice`` -> overlap of fractures on given masks."""
    parts = path.split("/")
    measure = next((part for part in reversed(parts) if part in MEASURES), parts[-1])
    rest = [PARTS.get(part, part.replace("_", " ")) for part in parts if part != measure]
    name, better = MEASURES.get(measure, (measure.replace("_", " "), ""))
    return Figure(name, ", ".join(rest), value, better)


def figures(metrics: Mapping[str, Any]) -> list[Figure]:
    """Every number but the counts, in a stable order: by measure, then by what it is of."""
    found = [
        figure(path, float(value))
        for path, value in metrics.items()
        if isinstance(value, int | float) and path != "photos"
    ]
    return sorted(found, key=lambda one: (one.measure, one.of))


def tables(card: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What `training.cli.card_tables` laid into the card, with measures in words."""
    return [
        {
            **one,
            "rows": [(measured(name), values) for name, *values in one["rows"]],
            "notes": [in_words(note) for note in one.get("notes") or []],
        }
        for one in card.get("tables") or []
    ]


def measured(name: str) -> str:
    """``best_tolerant_f1`` -> F1 within 2 px, at its own best threshold."""
    ends = {"_per_photo": ", mean of photos", "_faces": ", in faces"}
    text, after = name, ""
    for end, words in ends.items():
        if text.endswith(end):
            text, after = text.removesuffix(end), words
    if text.startswith("best_") and text != "best_threshold":
        text, after = text.removeprefix("best_"), after + ", at its own best threshold"
    if text.startswith("recall_"):
        return f"{text.removeprefix('recall_').replace('_', ' ').capitalize()} found{after}"
    return TABLED.get(text, text.replace("_", " ").capitalize()) + after


def headlines(stage: str, metrics: Mapping[str, Any]) -> list[Figure]:
    """The one or two numbers a list has room for."""
    paths = [path for path in HEADLINES.get(stage, ()) if metrics.get(path) is not None]
    return [figure(path, float(metrics[path])) for path in paths]


def title(path: str) -> str:
    """A heading for a curve or a column."""
    one = figure(path, 0.0)
    return f"{one.measure}: {one.of}" if one.of else one.measure


def rival(path: str) -> tuple[str, str]:
    """``chroma_mse/grey`` -> (``chroma_mse``, ``grey``): one frame for all who are compared."""
    frame, _, last = path.rpartition("/")
    return (frame, last) if frame and last in RIVALS else (path, "")


def gate_line(photo: Mapping[str, float]) -> str:
    """What the gate found on one photograph."""
    if "psnr" in photo:
        return f"{photo['psnr']:.0f} dB alike, 50 are needed"
    found = photo.get("largest_difference", float("nan"))
    return f"probabilities differ by at most {found:.1g}, 0.01 is allowed"


def facts(card: Mapping[str, Any]) -> list[tuple[str, str]]:
    """How a version came about, as term and sentence; what the card leaves out is left out."""
    recipe, metrics = card.get("recipe") or {}, card.get("metrics") or {}
    judged_on = str(card.get("judged_on") or "photographs")  # older cards say no more
    rows = [
        ("Network", _network(card)),
        ("Recipe", str(recipe.get("description") or recipe.get("name") or "")),
        ("Learnt from", _count(card.get("training_photos"), "pictures")),
        ("Masks", _masks(card.get("masks") or {})),
        ("Pictures seen", _count(card.get("images_seen"), "training crops")),
        ("Judged on", _count(metrics.get("photos"), judged_on)),
        ("Trained without", _joined(card.get("lacks"))),
        ("Smaller than a crop", _count(card.get("photos_reflected"), "pictures, reflected")),
        ("Crops a step", _batch(card)),
        ("Largest hole trained", _count(card.get("hole_size_max"), "px")),
        ("Licences", ", ".join(map(str, card.get("licences") or []))),
        ("Commerce", "No commercial use." if card.get("noncommercial") is True else ""),
        ("Maker", str(card.get("maker", ""))),
        ("Comes from", str(card.get("source", ""))),
        ("Imported files", _joined(_files(card))),
        ("Data", _joined(card.get("data"))),
        ("Known weaknesses", _joined(card.get("notes"))),
        ("Seed", str(card.get("seed", ""))),
        ("Made", str(card.get("created", ""))),
    ]
    return [(term, text) for term, text in rows if text]


def _batch(card: Mapping[str, Any]) -> str:
    """Only where the recipe's batch could not be shared alike by the processes."""
    taken, wanted = card.get("batch_taken"), (card.get("recipe") or {}).get("batch")
    if not isinstance(taken, int) or taken == wanted:
        return ""
    return f"{taken} over {card.get('processes')} processes, where the recipe says {wanted}"


def _network(card: Mapping[str, Any]) -> str:
    arguments = card.get("arguments") or {}
    words = ", ".join(f"{name} {value}" for name, value in arguments.items())
    return f"{card.get('network', '')}{f' ({words})' if words else ''}"


ORIGINS = {
    "painted": "painted by hand",
    "suggested": "painted from a suggestion",
    "imported": "imported",
    "synthetic": "drawn by the program, damage included",
    "consensus": "joined from several people's",
    "visitor": "marked by owners",
    "given": "of unknown origin",
}


def _masks(counts: Mapping[str, Any]) -> str:
    known = [(name, counts[name]) for name in ORIGINS if counts.get(name)]
    return ", ".join(f"{count} {ORIGINS[name]}" for name, count in known)


def _files(card: Mapping[str, Any]) -> list[str]:
    """Name, size and digest of what was imported."""
    files = (card.get("graph") or {}).get("files") or []
    return [f"{each['name']}, {each['bytes']:,} bytes, SHA-256 {each['sha256']}" for each in files]


def _count(value: Any, unit: str) -> str:
    return f"{value:,.0f} {unit}" if isinstance(value, int | float) and value else ""


def _joined(value: Any) -> str:
    if isinstance(value, list | tuple):
        return "; ".join(map(in_words, value))
    return str(value or "")
