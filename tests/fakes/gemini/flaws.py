"""Storyboards that are not right: what models do wrong, from what can be put right to what cannot."""

from collections.abc import Callable
from typing import Any

Board = dict[str, Any]


def mendable(board: Board) -> None:
    """Everything that has one obvious meaning."""
    first, last = board["assets"][0], board["assets"][-1]
    said = first["name"]
    first["name"] = said.replace("_", " ").title()
    board["assets"].append({"number": 99, "name": "nobody_needs_it", "kind": "prop", "prompt": "an odd thing"})
    last["like"] = "nothing of this name"
    for scene in board["scenes"]:
        scene["number"] += 4
        scene["mood"] = "calm"
        for panel in scene["composite"]["panels"]:
            panel["characters"], panel["props"] = panel["props"], panel["characters"]
    board["scenes"][0]["composite"]["layout"] = "triptych"
    board["scenes"][0]["sound"] = " "
    board["scenes"][-1]["narration"] += (
        " It is a sentence that is one too many for the clip that it is spoken over, so."
    )


def wrong_size(board: Board) -> None:
    board["scenes"].pop()


def too_long(board: Board) -> None:
    board["scenes"][0]["narration"] = "and so on " * 40 + "until the end."


def stranger(board: Board) -> None:
    board["scenes"][0]["composite"]["panels"][0]["characters"] = ["somebody_nobody_has_heard_of"]


def odd_types(board: Board) -> None:
    board["assets"] = {"name": "harbour"}
    board["scenes"] = [None, 7, {"composite": {"panels": [{"environment": 3, "characters": "x"}]}, "number": "one"}]


FLAWS: dict[str, Callable[[Board], None]] = {
    "story_mendable": mendable,
    "story_wrong_size": wrong_size,
    "story_too_long": too_long,
    "story_stranger": stranger,
    "story_odd_types": odd_types,
}
