"""What `vidctl upload --dry-run` prints: where a film would go, what would be sent, and what is in its way."""

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vidctl.cli.session import Session
    from vidctl.domain.channel import Channel
    from vidctl.engine.channel_files import Loaded
    from vidctl.engine.context import Context
    from vidctl.engine.rehearsal import Rehearsal
    from vidctl.store.tasks import Task


def rehearse(opened: "Session", films: "Sequence[Task]", *, named: bool, as_json: bool) -> None:
    """Print what would be sent for films, and what keeps each from going up; nothing is sent."""
    from dataclasses import replace

    from vidctl.cli.session import context_of
    from vidctl.cli.show import say, show
    from vidctl.engine import channel_files

    files = channel_files.load(opened.settings.channel_configs)
    context = replace(context_of(opened.settings), limits=files.limits)
    found = {film: _rehearsed(opened, film, _live(opened, film, files), context, named=named) for film in films}
    if as_json:
        show({"dry_run": True, "films": [_as_json(film, one) for film, one in found.items()]}, "", as_json=True)
    elif not found:
        say("No approved film waits for its upload.")
    for film, one in () if as_json else found.items():
        _print(film, one)


def _live(opened: "Session", film: "Task", files: "Loaded") -> "Channel":
    """Return a film's channel as its file describes it now; as it was where that cannot be read, or is gone."""
    from vidctl.store import channels

    own = (channel for channel in files.channels if channel.channel_id == film.channel_id)
    return next(own, None) or channels.get(opened.db, film.channel_id).channel


def _rehearsed(opened: "Session", film: "Task", live: "Channel", context: "Context", *, named: bool) -> "Rehearsal":
    """Return what would be sent; of one film among many that cannot be shown, only why."""
    from vidctl.engine import rehearsal
    from vidctl.errors import VidctlError

    try:
        return rehearsal.rehearse(opened.db, film, live, context)
    except VidctlError as exc:
        if named:
            raise
        return rehearsal.Rehearsal({}, [], [str(exc)])


def _as_json(film: "Task", one: "Rehearsal") -> dict[str, Any]:
    return {
        "id": film.id,
        "title": film.title,
        "to": one.to or None,
        "warnings": one.warnings,
        "in_the_way": one.in_the_way,
        "document": one.document,
        "requests": one.requests,
    }


def _print(film: "Task", one: "Rehearsal") -> None:
    """Print the requests as they would be sent; of a film in preview, what would be published."""
    from vidctl.cli.show import exact, line, say

    say(f"{str(film.id)[:8]}  {line(film.title)}")
    if one.to:
        say(line(f"  to {one.to}"))
    for warning in one.warnings:
        say(line(f"  note: {warning}"))
    for reason in one.in_the_way:
        say(line(f"  not now: {reason}"))
    for request in one.requests or [dict(one.document)] * bool(one.document):
        say(exact(json.dumps(request, indent=2, ensure_ascii=False)))
