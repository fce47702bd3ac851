"""Why a film is where it is, and what will move it: in two sentences, of which the second says who or when. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from vidctl.cli import words
from vidctl.cli.outlook import Board, commands, limit_of, pause_of, step_of
from vidctl.cli.show import line
from vidctl.domain.budget import BUDGET
from vidctl.domain.health import LATE
from vidctl.domain.retry import MAX_ATTEMPTS
from vidctl.domain.status import ENGINE_WAITS, ERRORS, Event, Status
from vidctl.pipeline import step_at
from vidctl.store.details import Error, Move
from vidctl.store.keepers import AWAY_AFTER
from vidctl.store.reports import Film
from vidctl.store.services import Pause

_AWAY: Final = f"{AWAY_AFTER.total_seconds() / 60:.0f} minutes"
_LONGEST: Final = 300
"""Characters of what others say: an error's message may be a page."""


class Actor(StrEnum):
    """What moves a film."""

    PERSON = "person"
    ENGINE = "engine"
    TIME = "time"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Case:
    """All that decides it. What is not known of a film is None or empty."""

    board: Board
    film: Film
    last: Move | None = None
    error: Error | None = None
    claimed_by: str | None = None
    publish_at: datetime | None = None
    resting: tuple[str, str] = ("is_active: false in its file, or its file is gone", "set is_active: true there")
    """Why its channel rests, where it does, and what ends that."""
    no_files: tuple[str, str] | None = None
    """Why no channel file can be read, and what to do: no tick begins anything then."""
    has_card: bool = False
    """Whether it has a card in Notion."""
    mended_by: str = ""
    """The command that gives its channel an account on YouTube, where that is what it lacks."""


@dataclass(frozen=True, slots=True)
class Because:
    """Two sentences; `commands` are those that the second one names for a person to run."""

    why: str
    moves: str
    actor: Actor
    commands: tuple[str, ...] = ()
    at: datetime | None = None


def because(case: Case) -> Because:
    """Return why a film is where it is, and what moves it, in the order in which the engine looks."""
    film = case.film
    if film.status is Status.PUBLISHED:
        return _published(case)
    if film.running and film.status in ENGINE_WAITS:
        return _at_work(case)
    if film.paused_at is not None:
        why = f"Its card has been in the trash, or out of sight, since {words.clock(film.paused_at, case.board.now)}"
        moves = "A person brings the card back on the board, and the next tick goes on with the film"
        return _said(why, moves, Actor.PERSON)
    if film.at_gate:
        return _at_gate(case)
    if film.status in ERRORS:
        return _in_error(case)
    if film.status is Status.DRAFT:
        return _draft(case)
    return _engines(case)


def _said(why: str, moves: str, actor: Actor, *run: str, at: datetime | None = None) -> Because:
    return Because(f"{_short(why)}.", f"{_short(moves)}.", actor, run, at)


def _short(text: str) -> str:
    """Return others' words as a part of one sentence: printable, on one line, and not for ever."""
    plain = " ".join(line(text).split()).rstrip(" .;,:")
    return plain if len(plain) <= _LONGEST else f"{plain[: _LONGEST - 1]}…"


def _ago(case: Case) -> str:
    return f"{words.since(case.film.status_since, case.board.now)} ago"


def _since(case: Case) -> str:
    return words.clock(case.film.status_since, case.board.now)


def _step(film: Film) -> str:
    return f"Step {name}" if (name := step_of(film)) else "It"


def _published(case: Case) -> Because:
    url, at = case.film.youtube_url or "no address of it is known", case.publish_at
    if at is not None and at > case.board.now:
        why = f"It is on YouTube, where nobody else sees it yet: {url}"
        return _said(why, f"YouTube itself makes it public on {words.moment(at)}", Actor.TIME, at=at)
    history = f"vidctl history {case.board.short(case.film)}"
    why = f"It was published {_ago(case)}: {url}"
    return _said(why, f"Nothing is left to do, and {history} shows how it came about", Actor.NOBODY, history)


def _at_work(case: Case) -> Because:
    film, show = case.film, f"vidctl status {case.board.short(case.film)}"
    done = f", and has {film.progress_done} of {film.progress_total}" if film.progress_total else ""
    who = case.claimed_by or "a process"
    why = f"{_step(film)} is at work on it now ({_short(who)}){done}"
    return _said(why, f"That process moves it on once everything is there; {show} shows how far it is", Actor.ENGINE)


def _at_gate(case: Case) -> Because:
    approve, reject = commands(case.board, case.film)
    asks = f": {_short(case.film.asks)}" if case.film.asks else ""
    why = f"It has waited for a person's word at {case.film.status} since {_since(case)}{asks}"
    return _said(why, f"You move it on with {approve}, or send it back with {reject}", Actor.PERSON, approve, reject)


def _in_error(case: Case) -> Because:
    film, (*settle, retry) = case.film, commands(case.board, case.film)
    if case.last is not None and case.last.event == Event.REJECT:
        why = f"{_short(case.last.actor)} sent it back {_ago(case)}, from {case.last.from_status}"
        notes = f": {_short(case.last.reason)}" if case.last.reason else ""
        return _said(f"{why}{notes}", f"You have it made again with {retry}", Actor.PERSON, retry)
    why = f"{_step(film)} failed {_ago(case)}: {_failure(case)}"
    if settle:
        orders = ", ".join(map(str, film.doubts))
        moves = f"You say what became of order {orders} (vidctl settle), then {retry} goes on without buying twice"
        return _said(why, moves, Actor.PERSON, *settle, retry)
    hint = case.error.hint if case.error else ""
    if hint and len(hint) < _LONGEST // 2 and "vidctl" not in hint:
        return _said(why, f"You see to it ({_short(hint)}), then {retry} goes on from there", Actor.PERSON, retry)
    return _said(why, f"You put that right, then {retry} goes on from there", Actor.PERSON, retry)


def _failure(case: Case) -> str:
    """Return what went wrong, as the move into the error said it."""
    if case.last is not None and case.last.event == Event.FAIL and case.last.reason:
        return _short(case.last.reason)
    return _short(case.error.message) if case.error else "nobody wrote down why"


def _draft(case: Case) -> Because:
    queue = commands(case.board, case.film)[0]
    moves = f"You have it made with {queue}" + (", or by Queued on its card" if case.has_card else "")
    if case.last is not None and case.last.event == Event.HOLD:
        reason = f": {_short(case.last.reason)}" if case.last.reason else ""
        return _said(f"{_short(case.last.actor)} held it {_ago(case)}{reason}", moves, Actor.PERSON, queue)
    return _said(f"It has been a draft since {_since(case)}", moves, Actor.PERSON, queue)


def _engines(case: Case) -> Because:
    """Return what keeps the engine from going on; and where no tick runs, that as what would move it."""
    if case.no_files is not None:
        what, cure = case.no_files
        moves = f"A person puts that right ({_short(cure)}), and the next tick goes on"
        return _said(f"No tick begins anything, since {_short(what)}", moves, Actor.PERSON)
    if not case.film.channel_is_active:
        what, cure = case.resting
        why = f"Its channel {case.film.channel_id} rests: {_short(what)}"
        return _said(why, f"Whoever keeps that file ends it ({_short(cure)}), and the next tick goes on", Actor.PERSON)
    found = _waits(case)
    last = case.board.last_tick
    if found.actor is Actor.PERSON or (last is not None and case.board.now - last <= LATE):
        return found
    since = f"since {words.clock(last, case.board.now)}" if last else "yet"
    moves = f"No tick has run {since}, so nothing moves by itself: vidctl doctor says why, and vidctl tick looks now"
    return Because(found.why, f"{moves}.", Actor.PERSON, ("vidctl doctor", "vidctl tick"), found.at)


def _waits(case: Case) -> Because:
    board, film, step = case.board, case.film, step_at(case.film.status)
    assert step is not None
    pause, due = pause_of(board, film, step), film.next_attempt_at
    if due is not None and due > board.now and not (pause and pause.paused_until >= due):
        return _until(case, due)
    if pause is not None:
        return _paused(case, pause)
    if limit := limit_of(board, film, step):
        first = f"vidctl prioritize {board.short(film)} high"
        moves = f"The first tick after one of those films ends its step takes it up, the sooner with {first}"
        return _said(f"It waits for a place: {limit}", moves, Actor.ENGINE, first)
    waited = f"It has waited for the engine since {words.clock(film.status_since, board.now)}"
    if film.only_on:
        why = f"{waited}, and only on {_short(film.only_on)}, which has files of it that are nowhere else"
        moves = f"The next tick there takes it up with step {step.name}; once none came for {_AWAY}, that of any host"
        return _said(why, moves, Actor.ENGINE)
    return _said(
        f"{waited}, and nothing stands in its way", f"The next tick takes it up with step {step.name}", Actor.ENGINE
    )


def _until(case: Case, due: datetime) -> Because:
    film, at = case.film, words.clock(due, case.board.now)
    number = f" (attempt {film.attempt} of {MAX_ATTEMPTS} came to nothing)" if film.attempt else ""
    why = f"It waits until {at}{number}: {_reason(case)}"
    if film.status is Status.APPROVED:
        return _said(why, f"The first tick after {at} begins its upload", Actor.TIME, at=due)
    retry = f"vidctl retry {case.board.short(film)}"
    return _said(
        why, f"The first tick after {at} goes on by itself, or at once with {retry}", Actor.TIME, retry, at=due
    )


def _reason(case: Case) -> str:
    """Return why it waits: by its last move, or by the last line of its log where it was put off without one."""
    if case.last is not None and case.last.event == Event.DEFER and case.last.reason:
        return _short(case.last.reason)
    logged = (case.film.error_log.splitlines() or [""])[-1]
    return _short(logged) or "that was told nobody"


def _paused(case: Case, pause: Pause) -> Because:
    at = words.clock(pause.paused_until, case.board.now)
    if BUDGET in pause.service:
        why, moves = _short(pause.reason), f"A person raises that budget, or a tick after {at} finds it begun anew"
        return _said(f"It waits for money, since {why}", moves, Actor.PERSON, at=pause.paused_until)
    why = f"It waits for {pause.service}, which is paused until {at}: {_short(pause.reason)}"
    if case.mended_by and pause.service == f"{case.film.channel_id}:youtube":
        moves = f"You mend that with {case.mended_by}, and the next tick goes on"
        return _said(why, moves, Actor.PERSON, case.mended_by)
    resume = f"vidctl services --resume {pause.service}"
    moves = f"The first tick after {at} goes on by itself, or at once with {resume}"
    return _said(why, moves, Actor.TIME, resume, at=pause.paused_until)
