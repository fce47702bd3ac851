"""The demo's board: for each step a bar, as long as what is made of it."""

import io
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from rich.console import Console, RenderableType

from vidctl.cli.demo.play import Moment
from vidctl.cli.demo.view import BAR_WIDTH, Board, Lines
from vidctl.domain.status import Status
from vidctl.pipeline import STEPS
from vidctl.store.reports import Film

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
CROWS = Film(
    id=UUID(int=1),
    channel_id="demo",
    title="Crows",
    status=Status.QUEUED,
    priority="normal",
    version=1,
    attempt=0,
    next_attempt_at=None,
    failed_step=None,
    progress_done=0,
    progress_total=0,
    error_log="",
    youtube_url=None,
    status_since=NOON,
    created_at=NOON,
    updated_at=NOON,
    cost_usd=Decimal(0),
    running=False,
    mode="preview",
    channel_is_active=True,
    paused_at=None,
    asks=None,
)
STEP_NAMES = [step.name for step in STEPS[:-1]]


def at(status: Status, done: int = 0, total: int = 0, **more: object) -> Film:
    """Return a film at work in a status."""
    return replace(CROWS, status=status, progress_done=done, progress_total=total, running=True, **more)  # type: ignore[arg-type]


def text_of(picture: RenderableType) -> str:
    console = Console(record=True, width=160, file=io.StringIO(), color_system=None)
    console.print(picture)
    return console.export_text()


def bars(*moments: Film) -> dict[str, tuple[int, str]]:
    """Show a film as it goes; return how far each step's bar is filled at the end, and the words behind it."""
    drawn: list[RenderableType] = []
    board = Board(drawn.append)
    for film in moments:
        board.show(Moment([film], []))
    found = {}
    for line in text_of(drawn[-1]).splitlines():
        name, *rest = [cell.strip() for cell in line.strip("│╭╰").split("│")]
        if name in STEP_NAMES:
            found[name] = rest[0].count("━"), rest[0].strip("━─ ").split(" ")[0]
            assert rest[0].count("━") + rest[0].count("─") == BAR_WIDTH
    return found


def test_every_step_but_the_upload_has_a_bar_from_the_beginning() -> None:
    assert list(bars(CROWS)) == STEP_NAMES
    assert {filled for filled, _ in bars(CROWS).values()} == {0}


def test_the_bar_of_the_step_at_work_is_as_long_as_what_is_made_and_says_how_much() -> None:
    shown = bars(at(Status.GENERATING_VIDEO, 1, 4), at(Status.GENERATING_VIDEO, 2, 4))
    assert shown["clips"] == (BAR_WIDTH // 2, "2/4")


def test_the_bars_of_the_steps_before_it_are_full_and_those_after_it_empty() -> None:
    shown = bars(at(Status.GENERATING_ASSETS, 3, 5), at(Status.GENERATING_VIDEO, 1, 4))
    assert [shown[name][0] for name in STEP_NAMES] == [BAR_WIDTH] * 3 + [BAR_WIDTH // 4] + [0] * 3
    assert shown["assets"] == (BAR_WIDTH, "5/5")


def test_all_bars_are_full_at_the_final_review() -> None:
    assert {filled for filled, _ in bars(replace(CROWS, status=Status.FINAL_REVIEW)).values()} == {BAR_WIDTH}


def test_each_film_has_a_column_with_its_title_and_status() -> None:
    drawn: list[RenderableType] = []
    salt = replace(CROWS, id=UUID(int=2), title="Salt [bold]", status=Status.ASSETS_READY)
    Board(drawn.append).show(Moment([CROWS, salt], []))
    titles, *_, statuses, _ = text_of(drawn[0]).splitlines()[1:]
    assert [cell.strip() for cell in titles.strip("│").split("│")] == ["step", "Crows", "Salt [bold]"]
    assert [cell.strip() for cell in statuses.strip("│").split("│")] == ["", "Queued", "Assets Ready"]


def test_who_let_a_film_through_a_gate_is_said_below_the_board() -> None:
    drawn: list[RenderableType] = []
    waiting = replace(CROWS, status=Status.ASSETS_READY)
    Board(drawn.append).show(Moment([waiting], [(waiting, Status.ASSETS_APPROVED)]))
    assert 'Crows: Assets Ready → Assets Approved by the reviewer "demo"' in text_of(drawn[0])


def test_in_a_pipe_each_move_is_one_line_and_no_more(capsys: pytest.CaptureFixture[str]) -> None:
    lines = Lines()
    for film in (CROWS, CROWS, at(Status.CLAIMED), at(Status.CLAIMED, 1, 1)):
        lines.show(Moment([film], []))
    said = capsys.readouterr()
    assert said.out == ""
    assert [line.split(" s  ")[1] for line in said.err.splitlines()] == ["Crows: Queued", "Crows: Claimed"]
