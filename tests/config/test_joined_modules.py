"""Modules joined into one script: what is understood, and what is refused by name."""

import shutil
import subprocess

import pytest
from django.contrib.staticfiles import finders
from django.core.files.storage import FileSystemStorage

from config import joined_modules


@pytest.fixture
def modules(tmp_path, monkeypatch):
    """``modules(**texts)`` lays files out; a later text replaces an earlier one."""

    def lay_out(texts):
        for name, text in texts.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)

    def find(name):
        return str(tmp_path / name) if (tmp_path / name).exists() else None

    monkeypatch.setattr(joined_modules, "find", find)
    return lay_out


USER = """// Says it.
import { greeting as words } from "./parts/words.js";
import {
  Bell,
} from "./parts/bell.js";
import "./parts/bell.js";

/** @typedef {import("./gone.js").Gone} Gone */
console.log(words + new Bell().ring());
"""
WORDS = 'export const greeting = "hello ";\n'
BELL = """import { greeting } from "./words.js";
const greetingAgain = greeting;
export class Bell {
  ring() { return twice(greetingAgain); }
}
export function twice(text) { return text + text; }
export async function later() {}
"""


@pytest.mark.skipif(not shutil.which("node"), reason="Node is not installed")
def test_it_does_what_the_modules_do(modules):
    modules({"user.js": USER, "parts/words.js": WORDS, "parts/bell.js": BELL})
    script = joined_modules.joined("user.js")
    assert script.count("hello ") == 1 and "gone.js" not in script
    said = subprocess.run(["node", "-e", script], capture_output=True, text=True, check=True)
    assert said.stdout == "hello hello hello \n"


@pytest.mark.parametrize(
    "line",
    [
        "export default 1;",
        "export { greeting };",
        'export * from "./parts/words.js";',
        'import * as all from "./parts/words.js";',
        'import all from "./parts/words.js";',
        "export let changing = 1;",
        'import { a } from "elsewhere";',
    ],
)
def test_another_style_is_refused_by_name(modules, line):
    modules({"user.js": f"{line}\n", "parts/words.js": WORDS})
    with pytest.raises(ValueError, match=r"user\.js cannot be joined"):
        joined_modules.joined("user.js")


def test_a_ring_and_a_missing_module_are_refused_by_name(modules):
    modules({"a.js": 'import "./b.js";\n', "b.js": 'import "./a.js";\n'})
    with pytest.raises(ValueError, match=r"a\.js imports itself, through b\.js"):
        joined_modules.joined("a.js")
    modules({"a.js": 'import "./nowhere.js";\n'})
    with pytest.raises(LookupError, match=r"nowhere\.js"):
        joined_modules.joined("a.js")


def test_a_changed_module_is_joined_anew(modules, settings, tmp_path):
    settings.JOINED_ROOT, settings.JOINED_MODULES = tmp_path / "made", ["user.js"]
    modules({"user.js": "console.log(1);\n"})
    finder = joined_modules.JoinedModules()
    place = finder.find("user.joined.js")
    first = (tmp_path / "made/user.joined.js").stat().st_mtime_ns
    assert "log(1)" in (tmp_path / "made/user.joined.js").read_text()
    assert finder.find("user.joined.js", find_all=True) == [place]
    assert (tmp_path / "made/user.joined.js").stat().st_mtime_ns == first
    modules({"user.js": "console.log(2);\n"})
    ((path, storage),) = finder.list(None)
    assert path == "user.joined.js" and isinstance(storage, FileSystemStorage)
    assert "log(2)" in storage.open(path).read().decode()
    assert finder.find("other.js") == []


def test_the_site_serves_them(settings):
    for entry in settings.JOINED_MODULES:
        assert finders.find(joined_modules.name_of(entry))
