"""What moves each film on next: a person's command, the next tick, or what it waits for. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from vidctl.cli import words
from vidctl.domain.budget import BUDGET, PAID
from vidctl.domain.limits import Limits
from vidctl.domain.moments import attempt
from vidctl.domain.status import ENGINE_WAITS, ERRORS, Status
from vidctl.domain.work import Step
from vidctl.pipeline import STEPS, step_at
from vidctl.store.reports import ChannelLoad, Film
from vidctl.store.services import Pause


@dataclass(frozen=True, slots=True)
class Board:
    """Everything that one look at the board shows, read at `now`."""

    now: datetime
    films: Sequence[Film]
    channels: Sequence[ChannelLoad]
    pauses: Sequence[Pause]
    last_tick: datetime | None
    id_length: int
    limits: Limits
    busy_steps: Mapping[int, int]
    no_files: bool = False
    """Whether no channel file can be read, so that ticks begin nothing."""

    def short(self, film: Film) -> str:
        """Return the first characters of a film's id: as many as tell it from all others."""
        return str(film.id)[: self.id_length]


def step_of(film: Film) -> str | None:
    """Return the name of the step that a film is in, comes to next, or failed in."""
    if film.status in ERRORS or film.status is Status.DRAFT:
        return film.failed_step
    step = step_at(film.status)
    return step.name if step else None


def commands(board: Board, film: Film) -> list[str]:
    """Return what a person runs to move the film on; nothing where it is not a person's turn."""
    short = board.short(film)
    if film.at_gate:
        return [f"vidctl review approve {short}", f'vidctl review reject {short} --notes "…"']
    if film.status in ERRORS:
        says = ("--job ID", "--not-bought", "--bought")
        return [*(f"vidctl settle {order} {word}" for order in film.doubts for word in says), f"vidctl retry {short}"]
    return [f"vidctl queue {short}"] if film.status is Status.DRAFT else []


def next_move(board: Board, film: Film, *, why: bool = True) -> str:
    """Return in a few words what moves the film on; `why` adds what a paused service said itself."""
    if film.running:
        return "at work now"
    if film.paused_at is not None and film.status is not Status.PUBLISHED:
        return "paused: its card is in the trash, or not shared any more"
    if yours := commands(board, film):
        held = film.status is Status.DRAFT and film.version > 1
        return f"{'held' if held else 'you'}: {yours[0]}"
    if film.status not in ENGINE_WAITS:
        return film.youtube_url or "done"
    return _obstacle(board, film, why=why) or "the next tick"


def attempt_of(film: Film, now: datetime) -> str:
    """Return "Attempt 3/5 · next at 14:05 UTC" where a step is being tried again, else ""."""
    return attempt(film.attempt, film.next_attempt_at, now)


def _obstacle(board: Board, film: Film, *, why: bool) -> str:
    """Return what keeps the engine from going on with a film, in the order in which `pick` looks."""
    step = step_at(film.status)
    assert step is not None
    if board.no_files:
        return "no channel file can be read"
    if not film.channel_is_active:
        return f"channel {film.channel_id} rests: is_active: false, or its file is gone or broken"
    pause = pause_of(board, film, step)
    due = film.next_attempt_at
    if due is not None and due > board.now and not (pause and pause.paused_until >= due):
        return f"waits until {words.clock(due, board.now)}"
    if pause:
        if BUDGET in pause.service:
            return pause.reason
        until = f"paused: {pause.service} until {words.clock(pause.paused_until, board.now)}"
        return f"{until} because {pause.reason}" if why else until
    return limit_of(board, film, step) or (f"the next tick of {film.only_on}" if film.only_on else "")


def pause_of(board: Board, film: Film, step: Step) -> Pause | None:
    """Return the pause that a film's next step waits for."""
    names, budgets = {f"{film.channel_id}:{step.service}"}, set[str]()
    if film.mode != "preview":
        names.add(step.service)
        budgets = {film.channel_id, "*", f"*{step.service}"} if step.service in PAID else set()
    return next((pause for pause in board.pauses if pause.service in names or _budget_of(pause) in budgets), None)


def _budget_of(pause: Pause) -> str | None:
    """Return whose budget is used up, where that is what a pause is about."""
    whose, found, _ = pause.service.partition(BUDGET)
    return whose if found else None


def limit_of(board: Board, film: Film, step: Step) -> str:
    """Return which limit keeps a film from its next step, "" where none does."""
    for channel in board.channels:
        if channel.channel_id == film.channel_id and channel.running >= channel.capacity:
            return f"channel at its limit {channel.capacity}"
    limit = getattr(board.limits, step.limit)
    return f"step {step.name} at its limit {limit}" if board.busy_steps.get(STEPS.index(step), 0) >= limit else ""
