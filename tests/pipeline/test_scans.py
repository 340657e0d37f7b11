"""Scans as scanners deliver them, through the site and the command alike."""

import io
import json
import zipfile

import numpy as np
import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from photos.models import Blob, Photo
from pipeline import services
from pipeline.models import Restoration
from tests.photos.test_scanner_files import film, rgb, tiff
from tests.pipeline.builders import upload
from tests.pipeline.engine.tiny import picture
from tests.pipeline.test_command import photo, run, shipped, table  # noqa: F401

pytestmark = pytest.mark.django_db
PAGES = [picture(70, 50, seed=k) for k in (1, 2, 3)]


def sent(client, data, name="album.tif", **choices):
    answer = client.post(
        "/api/v1/restorations/", {"photo": SimpleUploadedFile(name, data), **choices}
    )
    assert answer.status_code == 201
    return Restoration.objects.get(token=answer.json()["token"])


def test_several_photographs_in_a_file_are_several_lines(client, production, run_jobs):
    data = tiff(*(rgb(page) for page in PAGES))
    row = sent(client, data)
    run_jobs()
    body = client.get(f"/api/v1/restorations/{row.token}/").json()
    assert (body["state"], len(body["pages"]), body["page_number"]) == ("succeeded", 2, 1)
    others = [client.get(url).json() for url in body["pages"]]
    assert [other["title"] for other in others] == ["album.p2", "album.p3"]
    assert {other["state"] for other in others} == {"succeeded"}
    assert b"album.p3" in client.get(f"/restore/{row.token}/").content
    digests = {each.digest for each in Photo.objects.all()}
    assert (len(digests), Blob.objects.filter(pk=row.photo.original_id).count()) == (3, 1)
    original = row.photo.original_id
    for each in Restoration.objects.order_by("-photo__page"):
        assert Blob.objects.filter(pk=original).exists()
        services.erase(each)
    assert not Blob.objects.filter(pk=original).exists()


def test_the_command_names_the_same_photographs(tmp_path):
    album = photo(tmp_path, "album.tif", tiff(*(rgb(page) for page in PAGES)))
    for state in ("done", "skipped"):
        assert run(album, "--out", tmp_path / "out") == (0, "")
        assert {row["state"] for row in table(tmp_path / "out").values()} == {state}
    assert len(table(tmp_path / "out")) == 3
    facts = json.loads((tmp_path / "out" / "album.p3.json").read_text())
    assert (facts["page"], facts["photo"]) == (3, "album.tif")


def test_dust_in_infrared_is_filled_and_said(tmp_path, client, production, run_jobs):
    data = tiff(rgb(np.dstack([picture(80, 120), film()]), extrasamples=[0]))
    row = sent(client, data)
    run_jobs()
    row = Restoration.objects.get(pk=row.pk)
    assert row.mask.report["infrared"]["places"] == 1
    assert (
        "Dust found in infrared: 1 place," in client.get(f"/restore/{row.token}/").content.decode()
    )
    run(photo(tmp_path, "film.tif", data), "--out", tmp_path / "out", "--strength", "0")
    facts = json.loads((tmp_path / "out" / "film.json").read_text())
    mask = np.asarray(Image.open(tmp_path / "out" / "film.mask.png"))
    assert facts["infrared"]["said"].startswith("Dust found in infrared")
    assert (mask[31:33, 22:58] > 0).all()


def test_a_page_of_infrared_is_passed_over(tmp_path, client, production, run_jobs):
    pages = (rgb(picture(80, 120)), (film(), {"photometric": "minisblack"}))
    run(photo(tmp_path, "hdri.tif", tiff(*pages)), "--out", tmp_path / "out")
    with (tmp_path / "out" / "summary.csv").open() as file:
        lines = file.read().splitlines()
    assert [line.split(",")[1] for line in lines[1:]] == ["done", "passed over"]
    row = sent(client, tiff(*pages))
    run_jobs()
    assert row.photo.pages.count() == 0


def test_resolution_and_provenance_go_with_every_download(tmp_path, client, production, run_jobs):
    out = io.BytesIO()
    Image.fromarray(PAGES[0]).save(out, "TIFF", dpi=(300, 300))
    row = sent(client, out.getvalue())
    run_jobs()
    body = client.get(f"/api/v1/restorations/{row.token}/").json()
    assert body["prints_at"] == "0.4 × 0.6 cm"
    page = client.get(f"/restore/{row.token}/").content.decode()
    downloads = len(row.downloads)
    assert downloads >= 2
    assert page.count("prints at 0.4 × 0.6 cm") == downloads
    assert "print at 0.4 × 0.6 cm" in page
    assert {each["prints_at"] for each in body["results"]} == {body["prints_at"]}
    for form in ("png", "jpg", "tif"):
        answer = client.get(f"/restore/{row.token}/inpainted.{form}?download")
        image = Image.open(io.BytesIO(b"".join(answer.streaming_content)))
        assert [float(each) for each in image.info["dpi"]] == pytest.approx([300, 300], abs=0.1)
        packet = image.info.get("xmp") or image.tag_v2[700]
        assert b"algorithmicallyEnhanced" in packet


def test_the_originals_words_go_on_only_if_asked(tmp_path, client, production, run_jobs):
    exif = Image.Exif()
    exif[0x010E], exif[0x8298] = "Ida and Otto", "The archive"
    exif.get_ifd(0x8825)[1] = "N"
    out = io.BytesIO()
    Image.fromarray(PAGES[0]).save(out, "JPEG", exif=exif)
    row = sent(client, out.getvalue(), "ida.jpg", tones="0.8")
    run_jobs()
    kinds, forms = ("inpainted", "inpainted_toned"), ("png", "jpg", "tif")
    for name in (f"{kind}.{form}" for kind in kinds for form in forms):
        address = f"/restore/{row.token}/{name}"
        bare = b"".join(client.get(f"{address}?download").streaming_content)
        kept = b"".join(client.get(f"{address}?keep_metadata=1").streaming_content)
        assert b"algorithmicallyEnhanced" in bare
        assert (b"Ida and Otto" in bare, b"Ida and Otto" in kept) == (False, True)
    packed = client.get(f"/restore/{row.token}/all.zip?keep_metadata=1")
    with zipfile.ZipFile(io.BytesIO(b"".join(packed.streaming_content))) as archive:
        assert b"The archive" in archive.read("ida.repaired.png")
        assert b"The archive" in archive.read("ida.repaired_with_tones.jpg")
    ida = photo(tmp_path, "ida.jpg", out.getvalue())
    for more, found in (((), False), (("--keep-metadata",), True)):
        run(ida, "--out", tmp_path / "out", *more)
        data = (tmp_path / "out" / "ida.inpainted.png").read_bytes()
        assert (b"Ida and Otto" in data) == found


def test_what_is_there_of_a_truncated_file_is_an_api_field(client, production, run_jobs):
    data = upload(picture(200, 150), "JPEG")
    row = sent(client, data[: len(data) // 2], salvage="true")
    run_jobs()
    assert client.get(f"/api/v1/restorations/{row.token}/").json()["state"] == "succeeded"


def test_the_same_scan_gives_the_same_bytes(tmp_path):
    ida = photo(tmp_path, "ida.png")
    for out in ("one", "two"):
        run(ida, "--out", tmp_path / out)
    for path in (tmp_path / "one").glob("*.png"):
        assert path.read_bytes() == (tmp_path / "two" / path.name).read_bytes()


def test_the_repair_comes_as_layers(tmp_path, client, production, run_jobs):
    data = upload()
    row = sent(client, data, "ida.png")
    run_jobs()
    run(photo(tmp_path, "ida.png", data), "--out", tmp_path / "out", "--layers")
    for kind, form, ending in (("repair", "png", "repair.png"), ("layers", "ora", "ora")):
        answers = [
            client.get(f"/restore/{row.token}/{kind}.{form}?download"),
            client.get(f"/api/v1/restorations/{row.token}/{kind}.{form}"),
        ]
        one, two = (b"".join(answer.streaming_content) for answer in answers)
        assert one == two
        assert (tmp_path / "out" / f"ida.{ending}").read_bytes()[:4] == one[:4]
    with zipfile.ZipFile(tmp_path / "out" / "ida.ora") as packed:
        assert packed.read("mimetype") == b"image/openraster"
    assert run(tmp_path / "ida.png", "--out", tmp_path / "out", "--layers") == (0, "")
    assert table(tmp_path / "out")["ida.png"]["state"] == "skipped"


ALBUM = [rgb(page) for page in PAGES]


def by_form(client, data):
    file = SimpleUploadedFile("album.tif", data)
    return client.post("/restore/", {"photos": file, "strength": "0.5"}).status_code


def by_api(client, data):
    file = SimpleUploadedFile("album.tif", data)
    return client.post("/api/v1/restorations/", {"photo": file}).status_code


def in_pieces(client, data):
    tus = {"HTTP_TUS_RESUMABLE": "1.0.0"}
    begun = client.post("/api/v1/uploads/", HTTP_UPLOAD_LENGTH=str(len(data)), **tus)
    if begun.status_code == 201:
        octets = {"content_type": "application/offset+octet-stream", "HTTP_UPLOAD_OFFSET": "0"}
        assert client.patch(begun["Location"], data, **octets, **tus).status_code == 204
    return begun.status_code


@pytest.mark.parametrize(
    ("send", "taken", "full"), [(by_form, 302, 400), (by_api, 201, 429), (in_pieces, 201, 429)]
)
def test_each_photograph_of_a_file_counts_in_the_hour(client, monkeypatch, send, taken, full):
    from pipeline.services.uploads.throttles import UploadThrottle

    monkeypatch.setattr(UploadThrottle, "rate", "4/hour", raising=False)
    cache.clear()  # of what others sent from the same address
    one, three = tiff(ALBUM[0]), tiff(*ALBUM)
    assert [send(client, data) for data in (three, one, one)] == [taken, taken, full]
    other = {"REMOTE_ADDR": "203.0.113.9"}
    assert (
        client.post("/restore/", {"photos": SimpleUploadedFile("a.tif", one)}, **other).status_code
        == 302
    )
