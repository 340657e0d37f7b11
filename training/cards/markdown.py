"""A model card as Markdown with the front matter that the Hugging Face Hub reads. Pure."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from training import display_text

TAGS = {
    "segmentation": ("image-segmentation", "scratch-detection"),
    "inpainting": ("image-to-image", "inpainting"),
    "colorization": ("image-to-image", "colorization"),
}
# Names and ranges as `training.networks.onnx.export` writes them.
TAKES = {
    "segmentation": "`luma`: N x {channels} x H x W, float32, 0..1. Answers `logits`, "
    "N x 3 x H x W: fracture, scuff, hole. Take the offset {offset} from them, then the sigmoid.",
    "inpainting": "`rgb`: N x 3 x H x W, float32, 0..1, and `mask`: N x 1 x H x W, 1 where a pixel "
    "is valid and 0 where it is to be filled. Answers `composite`, N x 3 x H x W, 0..1: valid "
    "pixels come back alike.",
    "colorization": "`luma`: N x 1 x H x W, float32, 0..1. Answers `chroma`, N x 2 x H x W: "
    "Cb - 128 and Cr - 128 in levels of 255; keep the luma.",
}
PADDED = "H and W are multiples of what the export's metadata calls `multiple`."


def card_markdown(
    *,
    name: str,
    stage: str,
    card: Mapping[str, Any],
    metrics: Mapping[str, Any],
    sha256: str,
    sizes: Sequence[tuple[str, int]],
) -> str:
    """The whole file; ``sizes`` are (form, bytes) of what can be downloaded."""
    parts = [front_matter(stage, card), f"# {_plain(name)}\n\n{display_text.DOES[stage]}\n"]
    rows = display_text.facts(card)
    if rows:
        lines = "".join(f"- **{term}**: {_plain(text)}\n" for term, text in rows)
        parts.append(f"## How it came about\n\n{lines}")
    figures = display_text.figures(metrics)
    if figures:
        lines = "".join(
            f"| {_cell(one.measure)} | {_cell(one.of)} | {one.value:.4g} |\n" for one in figures
        )
        parts.append(f"## How good it is\n\n| measure | of | value |\n|---|---|---|\n{lines}")
    parts.append(f"## What it takes to run it\n\n{needs_to_run(stage, card, sizes)}")
    parts.append(f"SHA-256 of the weights: `{sha256}`\n")
    return "\n".join(parts)


def front_matter(stage: str, card: Mapping[str, Any]) -> str:
    """YAML between dashes: strings are quoted as JSON, which YAML reads."""
    task, tag = TAGS[stage]
    data = sorted({str(each) for each in card.get("licences") or []})
    lines = [
        "---",
        "library_name: onnx",
        f"pipeline_tag: {task}",
        f"tags: {json.dumps(['photo-restoration', tag, str(card.get('network', ''))])}",
        *([f"training_data_licences: {json.dumps(data, ensure_ascii=False)}"] if data else []),
        "---",
        "",
    ]
    return "\n".join(lines)


def needs_to_run(stage: str, card: Mapping[str, Any], sizes: Sequence[tuple[str, int]]) -> str:
    """Files, the package that reads each, and what goes in and comes out."""
    arguments = card.get("arguments") or {}
    offset = card.get("logit_offset", 0.0)
    takes = TAKES[stage].format(channels=arguments.get("channels", 1), offset=offset)
    reads = {"onnx": "`onnxruntime`", "safetensors": "`torch` and `safetensors`, and this product"}
    lines = "".join(
        f"- {form}: {size / 1e6:.1f} MB, read by {reads[form]}\n" for form, size in sizes
    )
    return f"{takes} {PADDED}\n\n{lines}"


def _plain(text: str) -> str:
    """One line, without what would become markup or HTML."""
    flat = " ".join(str(text).split())
    return flat.replace("<", "&lt;").replace("[", "\\[").replace("`", "\\`")


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")
