"""Names that no database keeps and no page shows: they come out as signs, not as a fault."""

import io
import json
import re

import pytest
from django.urls import reverse

from annotate.models import Import
from tests.annotate.builders import ready_photo

pytestmark = pytest.mark.django_db
ODD = "a\ud800\x00b.jpg"


@pytest.mark.parametrize("kind", ["label-studio", "coco", "labelme"])
def test_a_name_that_is_no_text_is_shown_and_kept(kind, sign_in, reviewer, run_jobs):
    ready_photo(40, 30, title="p1")
    shape = {"label": ODD, "shape_type": "polygon", "points": [[1, 1], [9, 1], [9, 9]]}
    documents = {
        "label-studio": [{"id": 1, "data": {"image": ODD}, "annotations": []}],
        "coco": {
            "images": [{"id": 1, "file_name": ODD, "width": 40, "height": 30}],
            "categories": [],
            "annotations": [],
        },
        "labelme": {"shapes": [shape], "imagePath": "p1.jpg", "imageHeight": 30, "imageWidth": 40},
    }
    file = io.BytesIO(json.dumps(documents[kind]).encode())
    file.name = "p1.json"
    client = sign_in(reviewer)
    said = {"file": file, "kind": kind, "defect": "fracture"}
    address = client.post(reverse("annotate_exchange_in"), said).url
    run_jobs()
    row = Import.objects.get()
    assert row.state == "refused"
    assert client.get(address).status_code == 200
    assert client.get(f"/api/v1/masks/imports/{row.pk}/").status_code == 200
    (row.report["rows"][0]["file"] + str(row.reason)).encode()
    assert not re.search(r"(?<!\\)\\u(d8|00)00", json.dumps(row.report))
