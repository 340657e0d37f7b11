"""Published weights named by kind: taken where they are, and said where they are not."""

import pytest

from config.words.wall import in_words
from training.recipes import changed, is_there, lacking, preset, with_files
from training.recipes.published import KINDS

ARTICLES = {
    "segmentation": ["resnet18"],
    "inpainting": ["vgg16"],
    "colorization": ["resnet50", "vgg16"],
}


@pytest.mark.parametrize(("stage", "kinds"), ARTICLES.items())
def test_every_article_names_what_it_wants_and_takes_what_is_there(stage, kinds):
    recipe = preset(stage, "article")
    said = " ".join(map(in_words, lacking(recipe)))
    assert all(kind in said for kind in kinds) and len(lacking(recipe)) == len(kinds)
    whole = with_files(recipe, {kind: f"/kept/{kind}.safetensors" for kind in KINDS})
    assert lacking(whole) == []
    for field in ("encoder", "features"):
        if getattr(recipe, field, None):
            assert is_there(whole, field) and not is_there(recipe, field)
    assert whole.digest() != recipe.digest()


def test_a_file_or_the_package_is_there_and_nothing_is_not():
    recipe = preset("segmentation", "lite")
    assert not is_there(recipe, "encoder") and lacking(recipe) == []
    assert is_there(changed(recipe, encoder="package"), "encoder")
    assert is_there(changed(recipe, encoder="resnet18.pth"), "encoder")
    assert not is_there(recipe, "features")  # finders have no such field
