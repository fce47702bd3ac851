"""The storyboard's document: what is refused names its field, and the published schema is this one."""

import json
from pathlib import Path
from typing import Any

import pytest

from vidctl.domain import storyboard
from vidctl.domain.storyboard import check_size, parse
from vidctl.errors import BadInput

ROOT = Path(__file__).resolve().parents[2]


def a_board() -> dict[str, Any]:
    """A small film: two places, a character, a prop, a scene of each layout."""
    left = {"environment": "coast", "characters": ["keeper"], "props": ["lamp"]}
    right = {"environment": "sea", "characters": [], "props": []}
    return {
        "title": "A film",
        "summary": "",
        "style": "ink",
        "assets": [
            {"name": "coast", "kind": "environment", "prompt": "a coast"},
            {"name": "sea", "kind": "environment", "prompt": "the sea"},
            {"name": "keeper", "kind": "character", "prompt": "a sailor"},
            {"name": "lamp", "kind": "prop", "prompt": "a lantern"},
        ],
        "scenes": [
            {"number": 1, "composite": {"layout": "single", "panels": [left]}, "motion": "push in", "sound": "sea"},
            {"number": 2, "composite": {"layout": "split", "panels": [left, right]}, "motion": "pan", "sound": "wind"},
        ],
    }


def change(path: str, value: object) -> dict[str, Any]:
    """Return the board with one field set; `path` is like "scenes.0.motion"."""
    board = a_board()
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    at: Any = board
    for part in parents:
        at = at[part]
    at[last] = value
    return board


def test_a_whole_storyboard_is_read_as_it_is_written() -> None:
    board = parse(json.dumps(a_board()))
    assert [scene.number for scene in board.scenes] == [1, 2]
    assert board.image_index("keeper") == 3
    assert board.scenes[0].narration == ""


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("title", " \n "),
        ("title", "x" * 201),
        ("style", ""),
        ("assets.0.name", "../etc"),
        ("assets.0.name", "Coast"),
        ("assets.0.name", "coast\n"),
        ("assets.0.kind", "monster"),
        ("assets.2.prompt", ""),
        ("assets.2.prompt", "a\0b"),
        ("scenes.0.motion", "\t"),
        ("scenes.0.narration", "one\0two"),
        ("scenes.0.narration", "x" * 2_001),
        ("scenes.1.sound", 7),
        ("scenes.0.number", 0),
        ("scenes.1.number", 3),
        ("scenes.1.composite.layout", "single"),
        ("scenes.0.composite.layout", "split"),
        ("scenes.0.composite.panels.0.environment", "keeper"),
        ("scenes.0.composite.panels.0.characters", ["nobody"]),
        ("scenes.0.composite.panels.0.props", ["keeper"]),
        ("scenes.0.lenght", 4),
    ],
)
def test_what_is_wrong_is_refused_with_the_field_named(path: str, value: object) -> None:
    with pytest.raises(BadInput) as refused:
        parse(json.dumps(change(path, value)))
    parent, _, field = path.rpartition(".")
    where = "".join(f"[{part}]" if part.isdigit() else f".{part}" for part in parent.split(".") if part)
    named = str(refused.value)
    assert field in named or f"{where}`" in named or "panels" in named
    assert f"${where}" in named
    assert refused.value.hint


def test_two_images_of_one_name_are_refused() -> None:
    with pytest.raises(BadInput, match=r"assets\[1\].name.*'coast' is used twice"):
        parse(json.dumps(change("assets.1.name", "coast")))


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"\xff\xfe", "null", '"\ud800"', "[" * 100_000, b" " * 1_000_001])
def test_what_is_no_document_is_refused(data: bytes | str) -> None:
    with pytest.raises(BadInput):
        parse(data)


def test_a_film_of_another_size_than_asked_for_is_refused() -> None:
    board = parse(json.dumps(a_board()))
    check_size(board, assets=4, scenes=2)
    with pytest.raises(BadInput, match=r"`\$.scenes` holds 2, the channel asks for 18"):
        check_size(board, assets=4, scenes=18)


def test_the_published_schema_is_the_one_of_the_classes() -> None:
    published = (ROOT / "scripts" / "storyboard.schema.json").read_text("utf-8")
    assert published == json.dumps(storyboard.schema(), indent=2, ensure_ascii=False) + "\n"
