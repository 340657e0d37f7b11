"""In the oracles' environment: what labelme's own reader finds in a folder, as JSON.

Its window's packages are not installed; the reader does not use them.
"""

import json
import sys
from pathlib import Path
from unittest.mock import MagicMock

for name in (
    "onnxruntime",
    "PyQt5",
    "PyQt5.QtCore",
    "PyQt5.QtGui",
    "PyQt5.QtWidgets",
    "imgviz",
    "imgviz.io",
):
    sys.modules[name] = MagicMock()

from labelme import LabelFile  # noqa: E402
from labelme.utils import img_data_to_arr, shape_to_mask  # noqa: E402


def found(path):
    file = LabelFile(str(path))
    sides = img_data_to_arr(file.image_data).shape[:2]
    masks = {}
    for shape in file.shapes:
        if shape["mask"] is None:
            plane = shape_to_mask(sides, shape["points"], shape["shape_type"])
            masks[shape["label"]] = int(plane.sum())
        else:
            (left, top), _ = shape["points"]
            rows, columns = shape["mask"].nonzero()
            pixels = [
                [int(left) + int(x), int(top) + int(y)] for y, x in zip(rows, columns, strict=True)
            ]
            masks[shape["label"]] = pixels
    return {"sides": list(sides), "masks": masks}


folder = Path(sys.argv[1])
print(json.dumps({path.stem: found(path) for path in sorted(folder.glob("*.json"))}))
