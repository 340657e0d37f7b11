"""Pictures from files in a study: matched, fitted, blind, judged, ranked, never promoted."""

import io
import json
import zipfile

import cv2
import numpy as np
import pytest
from django.core.management import CommandError, call_command
from PIL import Image

from config.errors import Refused
from config.words.wall import in_words
from evaluation import services
from evaluation.models import Rival, Study
from evaluation.services import exports, votes
from evaluation.services.rivals import adding, complete
from evaluation.services.rivals.matching import matched
from evaluation.statistics import replay
from photos.decoding import scans
from tests.evaluation.conftest import make_photo
from tests.pipeline.builders import accepted_mask, production, ready_photo
from training.models import Promotion

pytestmark = pytest.mark.django_db
CARD = adding.Card("lama", "Big LaMa", "advimman", "Apache-2.0", "https://example.org")


def scene(seed):
    rng = np.random.default_rng(seed)
    rough = cv2.GaussianBlur(rng.normal(0, 1, (60, 80, 3)), (0, 0), 2)
    return np.clip(128 + 200 * rough, 0, 255).astype(np.uint8)


@pytest.fixture
def photos_of_study(db):
    rows = [ready_photo(scene(seed), title=f"scan {seed}", album="north") for seed in range(4)]
    for row in rows:
        accepted_mask(row)
    return rows


@pytest.fixture
def folder(photos_of_study, tmp_path):
    """What a retoucher might send: every hole flat, nothing else touched."""
    made = tmp_path / "theirs"
    made.mkdir()
    for photo in photos_of_study:
        pixels = scans.read_working(photo.working).copy()
        pixels[20:24, 5:40] = 90
        Image.fromarray(pixels).save(made / f"{photo.title}.png")
    return made


@pytest.fixture
def ours(tmp_path_factory):
    return production(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def draft(ours, photos_of_study, admin):
    return services.create_study(
        stage="inpainting",
        question="Which is better?",
        versions=[ours["inpainting"]],
        photos=photos_of_study,
        training=False,
        takes_files=True,
        created_by=admin,
    )


@pytest.fixture
def opened(draft, folder, run_jobs):
    adding.add_outputs(study=draft, card=CARD, source=folder)
    changed = folder.parent / "changed"
    changed.mkdir()
    for path in folder.iterdir():
        pixels = np.asarray(Image.open(path)).copy()
        pixels[30:] = np.clip(pixels[30:].astype(int) + 9, 0, 255)
        Image.fromarray(pixels).save(changed / path.name)
    adding.add_outputs(study=draft, card=adding.Card("loud"), source=changed)
    services.open_study(study=draft)
    run_jobs()
    draft.refresh_from_db()
    assert draft.is_open, draft.job.error
    return draft


def vote_for(study, title, voter, count):
    best = next(c.position for c in study.candidates.all() if c.title == title)
    for _ in range(count):
        try:
            ballot = votes.next_ballot(study=study, voter=voter)
        except Refused:
            return
        place = ballot.slots.index(best) if best in ballot.slots else None
        outcome = "equal" if place is None else ("left", "right")[place]
        votes.cast_vote(ballot=ballot, voter=voter, outcome=outcome, seconds=3, reasons=[])


def test_files_are_matched_by_name_with_ending_or_without(db):
    first, second = make_photo("Müller.tif"), make_photo("aunt ida")
    twins = [make_photo("twin"), make_photo("twin")]
    names = ["mu\u0308ller.PNG", "Aunt Ida.jpg", "Aunt Ida.png", "twin.png", "nobody.png"]
    found, refused = matched(dict.fromkeys(names), [first, second, *twins])
    assert found == {first: "mu\u0308ller.PNG", second: "Aunt Ida.jpg"}
    assert {name: str(why) for name, why in refused.items()} == {
        "Aunt Ida.png": "Aunt Ida.jpg is of the same photo.",
        "twin.png": "Several photos are.",
        "nobody.png": "No photo is called so.",
    }


def test_the_command_says_what_fits_and_what_is_missing(draft, folder, capsys):
    Image.open(folder / "scan 1.png").resize((160, 120)).save(folder / "scan 1.png")
    (folder / "scan 2.png").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("hello")
    (folder / "scan 3.png").unlink()
    Image.open(folder / "scan 0.png").save(folder / "scan 0.jpg", quality=95)
    (folder / "scan 0.png").unlink()
    call_command("add_outputs", str(draft.number), str(folder), "--rival", "lama")
    said = capsys.readouterr()
    assert "scan 1.png: reduced by 2" in said.out and "lama: 2 pictures" in said.out
    assert "1 came in a lossy format" in said.out
    assert "no picture of 2 photos, left out of the study: scan 2, scan 3" in said.out
    assert "notes.txt: No photo is called so." in said.err and "scan 2.png: " in said.err


def test_the_command_refuses_in_sentences(draft, folder):
    with pytest.raises(CommandError, match="There is no study 99"):
        call_command("add_outputs", "99", str(folder), "--rival", "lama")
    with pytest.raises(CommandError, match="There is no folder or ZIP nowhere"):
        call_command("add_outputs", str(draft.number), "nowhere", "--rival", "lama")


def test_a_zip_is_read_without_following_its_paths(draft, folder, tmp_path):
    path = tmp_path / "theirs.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, f"../../{file.name}")
    rival = adding.add_outputs(study=draft, card=CARD, source=path)
    assert rival.pictures.count() == 4 and not (tmp_path.parent.parent / "scan 0.png").exists()


def _bent(data):
    """The packed bytes of the first file of a ZIP, spoilt."""
    at = data.index(b"scan 0.png") + 40
    return data[:at] + bytes(byte ^ 0x55 for byte in data[at : at + 30]) + data[at + 30 :]


@pytest.mark.parametrize(
    ("files", "way", "spoil", "said"),
    [
        (["scan 0.png"], zipfile.ZIP_DEFLATED, _bent, "scan 0.png cannot be read"),
        (["scan 0.png"], zipfile.ZIP_LZMA, bytes, "packed in a way that is not read"),
        (["scan 0.png"], zipfile.ZIP_STORED, lambda data: data[:-30], "This ZIP cannot be read"),
        (["a/scan 0.png", "b/scan 0.png"], zipfile.ZIP_STORED, bytes, "Two files .* scan 0.png"),
        (["scan 0.png", "scan 0.png"], zipfile.ZIP_STORED, bytes, "Two files .* scan 0.png"),
        (["__MACOSX/x.png", "Thumbs.db"], zipfile.ZIP_STORED, bytes, "no picture in it"),
        ([], zipfile.ZIP_STORED, bytes, "no picture in it"),
    ],
)
def test_an_odd_zip_is_a_sentence(draft, folder, tmp_path, files, way, spoil, said):
    path, picture = tmp_path / "odd.zip", (folder / "scan 0.png").read_bytes()
    with zipfile.ZipFile(path, "w", way) as archive:
        for name in files:
            archive.writestr(name, picture)
    path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(Refused, match=said):
        adding.add_outputs(study=draft, card=CARD, source=path)
    assert not Rival.objects.exists()


def test_an_odd_folder_gives_what_fits_and_says_the_rest(draft, folder):
    """Turned by its EXIF, 16 bits, shifted by 16 and 17 px, empty, huge by its header, no picture."""
    first, second, third, _ = sorted(folder.iterdir())
    turned = Image.open(first).transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x112] = 6
    turned.save(folder / "scan 0.jpg", quality=95, exif=exif)
    deep = cv2.imread(str(second)).astype(np.uint16) * 257
    cv2.imwrite(str(folder / "scan 1.tif"), deep)
    for path, shift in ((third, 16), (folder / "scan 3.png", 17)):
        Image.fromarray(np.roll(np.asarray(Image.open(path)), shift, 1)).save(path)
    first.unlink()
    second.unlink()
    (folder / "SCAN 2.PNG").write_bytes(b"")
    (folder / "scan 9.png").write_bytes(third.read_bytes())
    huge = bytearray(third.read_bytes())
    huge[16:24] = (2**31 - 1).to_bytes(4, "big") * 2
    (folder / "scan 1.png").write_bytes(bytes(huge))
    rival = adding.add_outputs(study=draft, card=CARD, source=folder)
    taken = {picture.file_name: picture.fitted for picture in rival.pictures.all()}
    told = {each["file"]: each["reason"] for each in rival.passed_over}
    assert taken.keys() | told.keys() == {path.name for path in folder.iterdir()}
    assert taken["scan 0.jpg"] == "" and "scan 9.png" in told
    assert all(in_words(why).endswith(".") for why in told.values())
    assert not {"scan 3.png"} & taken.keys()


def test_the_same_name_replaces_its_pictures(draft, folder):
    first = adding.add_outputs(study=draft, card=CARD, source=folder)
    (folder / "scan 0.png").unlink()
    again = adding.add_outputs(study=draft, card=CARD, source=folder)
    assert again == first and again.pictures.count() == 3
    assert [c.title for c in draft.candidates.all()][1:] == ["Big LaMa"]
    adding.remove_rival(rival=again)
    assert draft.candidates.count() == 1


def test_changing_the_draft_keeps_its_rivals(draft, folder, ours):
    adding.add_outputs(study=draft, card=CARD, source=folder)
    services.change_study(
        study=draft,
        question="Which?",
        versions=[ours["inpainting"]],
        photos=list(draft.photos.all())[:3],
        cap=50,
    )
    assert [c.title for c in draft.candidates.all()][1:] == ["Big LaMa"]
    assert [c.position for c in draft.candidates.all()] == [0, 1]


def test_one_candidate_is_no_study(draft):
    with pytest.raises(Refused, match="add the pictures first"):
        services.open_study(study=draft)


def test_the_study_runs_on_what_all_have(draft, folder, run_jobs):
    (folder / "scan 3.png").unlink()
    adding.add_outputs(study=draft, card=CARD, source=folder)
    services.open_study(study=draft)
    run_jobs()
    draft.refresh_from_db()
    assert draft.is_open and draft.photos.count() == 3
    assert len(draft.plan["left_out"]) == 1 and draft.plan["files"] == [1]


def test_what_a_rival_did_outside_the_holes_is_counted(opened):
    outside = opened.plan["outside"]
    names = [c.title for c in opened.candidates.all()]
    figures = dict(zip(names, outside, strict=True))
    assert float(figures["Big LaMa"]["sound_changed"]) == 0
    assert 0.4 < float(figures["loud"]["sound_changed"]) < 0.6
    assert 3 < float(figures["loud"]["luma_drift"]) < 6


def test_nothing_tells_a_rival_from_ours(opened):
    for photo in opened.photos.all():
        copies = list(opened.blind_copies.filter(photo=photo).select_related("image"))
        files = [exports_bytes(copy) for copy in copies]
        assert len({len(file) for file in files}) == 1
        assert len({file[:29] for file in files}) == 1  # signature and IHDR: size, depth, colour
        assert all(chunks(file) == ["IHDR", "IDAT", "IEND"] for file in files)


def deep(path, pixels):
    """16 bits, of which half of all converters make other 8 bits than we do."""
    cv2.imwrite(str(path.with_suffix(".tif")), pixels[..., ::-1].astype(np.uint16) * 256)


def in_blocks(path, pixels):
    Image.fromarray(pixels).save(path.with_suffix(".jpg"), quality=100, subsampling=0)


def with_alpha(path, pixels):
    exif = Image.Exif()
    exif[0x010E] = "made by Big LaMa"
    Image.fromarray(pixels).convert("RGBA").save(path.with_suffix(".png"), exif=exif, dpi=(72, 72))


def cropped(path, pixels):
    Image.fromarray(pixels[3:, 5:-2]).save(path.with_suffix(".png"))


def grey_as_rgb(path, pixels):
    noise = np.random.default_rng(3).integers(-1, 2, (*pixels.shape, 3))
    three = np.clip(pixels[..., None].astype(int) + noise, 0, 255).astype(np.uint8)
    Image.fromarray(three).save(path.with_suffix(".png"))


WAYS = {"deep": deep, "blocks": in_blocks, "alpha": with_alpha, "crop": cropped}


def smooth(seed):
    return cv2.GaussianBlur(scene(seed), (0, 0), 3)


def test_no_way_of_saving_shows_in_the_copies(ours, tmp_path, admin, run_jobs):
    """What a rival kept is ours to the bit, whatever it was saved as; every frame is the same."""
    scenes = {way: scene(n) if way == "crop" else smooth(n) for n, way in enumerate(WAYS)}
    photos = [ready_photo(pixels, title=way) for way, pixels in scenes.items()]
    photos.append(ready_photo(smooth(9).mean(axis=2).astype(np.uint8), title="grey"))
    for photo in photos:
        accepted_mask(photo)
        pixels = scans.read_working(photo.working).copy()
        pixels[20:24, 5:40] = 90
        WAYS.get(photo.title, grey_as_rgb)(tmp_path / photo.title, pixels)
    study = services.create_study(
        stage="inpainting", question="Which?", versions=[ours["inpainting"]], photos=photos,
        training=False, takes_files=True,
    )  # fmt: skip
    rival = adding.add_outputs(study=study, card=CARD, source=tmp_path)
    assert rival.pictures.filter(lossy=True).count() == 1
    services.open_study(study=study)
    run_jobs()
    study.refresh_from_db()
    assert study.is_open, study.job.error
    for photo in photos:
        copies = study.blind_copies.filter(photo=photo, degraded=False).order_by("candidate")
        shown = [np.asarray(Image.open(io.BytesIO(exports_bytes(copy)))) for copy in copies]
        wanted = (57, 73, 3) if photo.title == "crop" else (60, 80, 3)
        assert {each.shape for each in shown} == {wanted}, photo.title
        sound = np.ones(wanted[:2], bool)
        sound[10:35, :50] = False
        assert all((each[sound] == shown[0][sound]).all() for each in shown), photo.title


def exports_bytes(copy):
    from photos import storage

    return storage.read(copy.image)


def chunks(file):
    found, at = [], 8
    while not found or found[-1] != "IEND":
        length = int.from_bytes(file[at : at + 4], "big")
        name = file[at + 4 : at + 8].decode()
        if not found or found[-1] != name:
            found.append(name)
        at += 12 + length
    assert not file[at:].strip(b"\0")
    return found


def test_a_voters_session_says_nothing_of_rivals(opened, voter, sign_in):
    client = sign_in(voter)
    seen = b""
    for _ in range(6):
        answer = client.post(f"/api/v1/studies/{opened.number}/ballot")
        seen += answer.content + str(answer.headers).encode()
        ballot = answer.json()
        for slot in range(2):
            picture = client.get(f"/studies/ballot/{ballot['token']}/{slot}")
            seen += str(picture.headers).encode()
        client.post(
            f"/api/v1/ballots/{ballot['token']}/vote",
            {"outcome": "equal", "seconds": 2},
            content_type="application/json",
        )
    seen += client.get(f"/studies/{opened.number}/vote/").content
    for word in (b"lama", b"loud", b"advimman", b"Apache", b"rival", b"scan "):
        assert word not in seen.lower()


@pytest.mark.parametrize("path", ["rivals/", "rivals/1/remove/"])
def test_voters_never_reach_the_rivals(opened, voter, sign_in, path):
    client = sign_in(voter)
    assert client.get(f"/studies/{opened.number}/{path}").status_code in (403, 405)
    assert client.get(f"/api/v1/studies/{opened.number}/rivals/").status_code == 403


def test_a_winner_from_files_promotes_nothing_and_the_verdict_says_so(
    opened, voters, admin, later, tmp_path
):
    for voter in voters:
        vote_for(opened, "Big LaMa", voter, 12)
    told = services.close_study(study=opened, by=admin)
    assert told["winner"] == "Big LaMa" and not told["promotable"]
    assert "Big LaMa is a set of pictures from files" in in_words(told["reasons"][-1])
    before = Promotion.objects.count()
    with pytest.raises(Refused, match="set of pictures from files: it cannot be promoted"):
        services.promote_winner(study=opened, by=admin)
    with pytest.raises(Refused, match="cannot be promoted"):
        services.override_guards(study=opened, by=admin, text="We like it so much, all of us.")
    assert Promotion.objects.count() == before

    path = tmp_path / "study.zip"
    path.write_bytes(exports.as_zip(opened))
    assert replay.differences(path) == []
    with zipfile.ZipFile(path) as archive:
        assert not any(b"LaMa" in archive.read(name) for name in archive.namelist())
    key = exports.key(opened)
    assert {row["name"] for row in key.values()} >= {"Big LaMa", "loud"}
    assert json.dumps(key).count("Apache-2.0") == 1


def test_a_version_that_wins_among_rivals_is_promoted(opened, voters, admin, later, ours):
    for voter in voters * 6:
        vote_for(opened, ours["inpainting"].name, voter, 1)
    told = services.close_study(study=opened, by=admin)
    assert told["winner"] == ours["inpainting"].name and told["promotable"]
    assert services.winner_of(opened).version == ours["inpainting"]


def test_a_grey_picture_is_refused_in_a_study_of_colour(ours, photos_of_study, tmp_path, admin):
    draft = services.create_study(
        stage="colorization",
        question="Which?",
        versions=[ours["colorization"]],
        photos=photos_of_study,
        takes_files=True,
    )
    for photo in photos_of_study:
        pixels = scans.read_working(photo.working)
        Image.fromarray(pixels).convert("L").save(tmp_path / f"{photo.title}.png")
    with pytest.raises(Refused, match="It is grey, and the study compares colours"):
        adding.add_outputs(study=draft, card=CARD, source=tmp_path)


def test_a_free_study_needs_no_production_and_promotes_nothing(
    photos_of_study, folder, voters, admin, later, run_jobs
):
    study = services.create_study(
        stage="", question="Which scanner?", versions=[], photos=photos_of_study, training=False
    )
    adding.add_outputs(study=study, card=CARD, source=folder)
    for path in folder.iterdir():
        Image.open(path).resize((120, 90)).save(path)
    adding.add_outputs(study=study, card=adding.Card("small"), source=folder)
    services.open_study(study=study)
    run_jobs()
    study.refresh_from_db()
    assert study.is_open, study.job.error
    assert str(study.rivals.get(name="small").pictures.first().fitted) == "scaled from 120 x 90 px"
    for voter in voters:
        vote_for(study, "small", voter, 8)
    told = services.close_study(study=study, by=admin)
    assert told["winner"] == "small" and not told["promotable"]
    assert (
        in_words(told["reasons"][-1]) == "This study rates sets of pictures: it promotes nothing."
    )
    assert [guard["name"] for guard in told["guards"]] == ["weights"]


def test_an_open_study_takes_nothing_more(opened, folder):
    with pytest.raises(Refused, match="not a draft any more"):
        adding.add_outputs(study=opened, card=adding.Card("late"), source=folder)
    with pytest.raises(Refused, match="not a draft any more"):
        adding.remove_rival(rival=opened.rivals.first())


def packed(folder):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for file in folder.iterdir():
            archive.write(file, file.name)
    return io.BytesIO(out.getvalue())


def test_page_and_api_queue_the_reading(draft, folder, admin, sign_in, run_jobs):
    client = sign_in(admin)
    given = {"name": "lama", "title": "Big LaMa", "licence": "Apache-2.0"}
    answer = client.post(f"/studies/{draft.number}/rivals/", given | {"pictures": packed(folder)})
    assert answer.status_code == 302
    assert b"Read the pictures of Big LaMa" in client.get(answer.url).content
    run_jobs()
    page = client.get(answer.url).content.decode()
    assert "4 of 4" in page and "Apache-2.0" in page
    answer = client.post(
        f"/api/v1/studies/{draft.number}/rivals/", {"name": "two", "pictures": packed(folder)}
    )
    assert answer.status_code == 202 and answer.json()["job"]
    run_jobs()
    rows = client.get(f"/api/v1/studies/{draft.number}/rivals/").json()
    assert [(row["name"], row["pictures"], row["missing"]) for row in rows] == [
        ("lama", 4, []),
        ("two", 4, []),
    ]
    bad = client.post(
        f"/api/v1/studies/{draft.number}/rivals/", {"name": "x", "pictures": io.BytesIO(b"no zip")}
    )
    run_jobs()
    assert bad.status_code == 202
    assert str(Study.objects.get(pk=draft.pk).job.error) == "This ZIP cannot be read."
    assert not Rival.objects.filter(name="x").exists()


def test_an_erased_photo_takes_its_pictures_along(draft, folder):
    from photos import erasure

    photo = draft.photos.get(title="scan 1")
    (folder / "scan 1.png").write_bytes(b"no picture")
    (folder / "other.png").write_bytes(b"no picture")
    rival = adding.add_outputs(study=draft, card=CARD, source=folder)
    assert [told["file"] for told in rival.passed_over] == ["other.png", "scan 1.png"]
    erasure.erase_photo(photo=photo)
    rival.refresh_from_db()
    assert [told["file"] for told in rival.passed_over] == ["other.png"]
    erasure.erase_photo(photo=draft.photos.get(title="scan 2"))
    assert rival.pictures.count() == 2
    assert not rival.pictures.filter(photo=photo).exists()


def test_shared_photos_name_the_lack_of_any(draft, folder, tmp_path):
    half = tmp_path / "half"
    half.mkdir()
    (folder / "scan 0.png").rename(half / "scan 0.png")
    adding.add_outputs(study=draft, card=CARD, source=folder)
    adding.add_outputs(study=draft, card=adding.Card("half"), source=half)
    with pytest.raises(Refused, match="No photo has a picture of every rival"):
        complete.shared_photos(draft)
