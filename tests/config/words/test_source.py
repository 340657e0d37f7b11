"""Every code has a sentence that is given what it needs, and no English sentence is kept any more."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from config.words.wall import sentences

ROOT = Path(__file__).resolve().parents[3]
ROOMS = ("accounts", "jobs", "photos", "annotate", "training", "pipeline", "evaluation", "config")
HOLE = re.compile(r"%\((\w+)\)s")
# Codes out of a table: the codes stand in the same module, and what they are given is the same.
TABLES = {"pipeline/engine/guards/proposals.py", "training/notices.py"}
OTHERS = {"jobs/management/commands/up.py", "training/plan.py"}  # a `said` of their own
# What is kept: where these are called, no argument named here may be a sentence.
KEPT = {
    "progress": (1, "message"),
    "fail": (1, "reason"),
    "hand_back": (1, "reason"),
    "HandBack": (0,),
    "TryAgain": (0,),
    "refuse_scan": (0,),
    "Refusal": (0,),
    "Unsupported": (0,),
    "RefusedScan": (0,),
    "Unfit": (0,),
    "Guard": (2, "text"),
    "Flag": (0,),
    "News": (2, "text"),
    "promote": ("reason",),
    "refuse": (0,),
    "move": ("reason",),
    "log": (0,),
    "using": ("title",),
    "GraphError": (0,),
    "GateError": (0,),
    "Photographed": (0,),
    "Choice": (1, "why"),
    "note": (0,),
}
KEPT_IN = re.compile(r"(notes|warnings|reasons|told)$")  # lists that end in a report


@cache
def modules():
    paths = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    names = [path.relative_to(ROOT).as_posix() for path in paths]
    return {
        name: ast.parse(path.read_text())
        for name, path in zip(names, paths, strict=True)
        if "/migrations/" not in name and not name.startswith("config/words/sentences/")
    }


def calls(tree):
    return [node for node in ast.walk(tree) if isinstance(node, ast.Call)]


def name_of(call):
    return getattr(call.func, "id", getattr(call.func, "attr", ""))


def holes(code):
    return set(HOLE.findall(repr(sentences()[code].text.forms)))


def said():
    for module, tree in modules().items():
        for call in calls(tree):
            if isinstance(call.func, ast.Name) and call.func.id == "said" and module not in OTHERS:
                yield module, call


def test_codes_are_written_out_where_they_are_said():
    tables = {m for m, call in said() if not isinstance(call.args[0], ast.Constant)}
    assert tables == TABLES


def test_every_code_has_a_sentence_that_is_given_what_it_needs():
    for module, call in said():
        if isinstance(call.args[0], ast.Constant):
            code, given = call.args[0].value, {word.arg for word in call.keywords}
            assert code in sentences(), f"{module}: {code} has no sentence"
            assert holes(code) <= given <= holes(code) | {"count"}, f"{module}: {code} {given}"


def test_every_sentence_is_said_somewhere():
    strings = {
        node.value
        for tree in modules().values()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert set(sentences()) <= strings


@pytest.mark.parametrize("code", ["question.face", "question.perhaps"])
def test_a_question_names_its_place(code):
    assert holes(code) == {"place"}


def is_sentence(node):
    """A literal of several words, alone, joined, formatted or one of two."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and " " in node.value.strip()
    if isinstance(node, ast.JoinedStr):
        return any(isinstance(each, ast.Constant) and is_word(each.value) for each in node.values)
    if isinstance(node, (ast.BinOp, ast.IfExp, ast.BoolOp, ast.List, ast.Tuple, ast.Dict)):
        return any(map(is_sentence, ast.iter_child_nodes(node)))
    return False


def is_word(text):
    return bool(re.search(r"[a-z]{3}", str(text)))


def kept(call):
    """The arguments of a call that end in a column, a report or a letter."""
    which = KEPT.get(name_of(call), ())
    yield from (call.args[at] for at in which if isinstance(at, int) and at < len(call.args))
    yield from (word.value for word in call.keywords if word.arg in which)
    if name_of(call) == "append" and KEPT_IN.search(ast.unparse(call.func.value).strip("'\"]")):
        yield from call.args


def test_no_english_sentence_is_kept():
    found = {
        f"{module}: {ast.unparse(call)}"
        for module, tree in modules().items()
        for call in calls(tree)
        if any(map(is_sentence, kept(call)))
    }
    assert not found


# Names in JSON that rows, cards and exports keep: nothing under them may be a sentence.
NAMES = {"reason", "reasons", "notes", "warnings", "lacks", "why", "colour", "left_out", "refused"}


CHECKS = {"evaluation/api/ballots.py", "training/cards/card_schema.py"}  # answered at once


def laid_under_names(tree):
    """What a dictionary, or an assignment to one, has under such a name."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            pairs = zip(node.keys, node.values, strict=True)
            yield from (value for key, value in pairs if getattr(key, "value", None) in NAMES)
        if isinstance(node, (ast.Assign, ast.AugAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [getattr(getattr(each, "slice", None), "value", None) for each in targets]
            yield from (node.value for name in names if name in NAMES)


def test_no_english_is_laid_under_a_name_that_is_kept():
    found = {
        f"{module}: {ast.unparse(value)}"
        for module, tree in modules().items()
        for value in laid_under_names(tree)
        if is_sentence(value) and module not in CHECKS
    }
    assert not found


# What the readers of these folders raise ends in a report or a row, word for word.
SPEAKING = ("annotate/formats/", "training/foreign/")
AT_ONCE = {  # answered to whoever sent the file, and kept nowhere
    "annotate/formats/mask_file.py",
    "training/foreign/adapters.py",
    "training/foreign/table_values.py",
}


def test_readers_of_untrusted_files_refuse_in_codes():
    found = {
        f"{module}: {ast.unparse(call)}"
        for module, tree in modules().items()
        if module.startswith(SPEAKING) and module not in AT_ONCE
        for call in calls(tree)
        if name_of(call).endswith(("Error", "NoMask")) and any(map(is_sentence, call.args))
    }
    assert not found


def test_the_walk_sees_what_it_looks_for():
    (call,) = calls(ast.parse("work.progress(0.1, f'reading {name}')"))
    assert [is_sentence(each) for each in kept(call)] == [True]
    (call,) = calls(ast.parse("report['warnings'].append('It is ' + what)"))
    assert [is_sentence(each) for each in kept(call)] == [True]
    for kept_there in ("x = {'reason': f'reading {what}'}", "card['lacks'] = ['No file here.']"):
        assert [is_sentence(each) for each in laid_under_names(ast.parse(kept_there))] == [True]


def jobs_of(tree):
    for node in ast.walk(tree):
        marks = node.decorator_list if isinstance(node, ast.FunctionDef) else ()
        if any(isinstance(mark, ast.Call) and name_of(mark) == "job" for mark in marks):
            yield node


def test_a_job_refuses_in_codes():
    found = [
        f"{module}: {ast.unparse(call)}"
        for module, tree in modules().items()
        for function in jobs_of(tree)
        for call in calls(function)
        if name_of(call) == "Refused" and any(map(is_sentence, call.args))
    ]
    assert not found
