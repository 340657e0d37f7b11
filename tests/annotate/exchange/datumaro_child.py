"""In the oracles' environment: what datumaro finds in an export, as JSON; or a form it writes."""

import json
import sys

import datumaro
import numpy as np

task, path, kind = sys.argv[1:4]
dataset = datumaro.Dataset.import_from(path, kind)
if task == "write":
    # Run lengths: its own polygons lose pixels of thin cracks, and whole masks.
    dataset.export(sys.argv[4], sys.argv[5], save_media=True, segmentation_mode="mask")
else:
    labels = dataset.categories()[datumaro.AnnotationType.label]
    found = {}
    for item in dataset:
        masks = {}
        for each in item.annotations:
            if hasattr(each, "image"):
                name = labels[each.label].name
                plane = np.asarray(each.image) > 0
                masks[name] = masks.get(name, 0) + int(plane.sum())
        media = item.media.data.shape[:2] if item.media else None
        found[item.id] = {"masks": masks, "sides": list(media) if media else None}
    print(json.dumps(found))
