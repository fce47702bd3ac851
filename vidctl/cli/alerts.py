"""`vidctl alerts` and `vidctl alert`: what people were told, where, and whether that works."""

from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from vidctl.cli.app import EVERY_DAY, app
from vidctl.cli.kinds import Reading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from vidctl.contract import Failure
    from vidctl.domain.alerting import Message
    from vidctl.engine.alerting.destinations import Destination
    from vidctl.store.alerts import Destination as Kept
    from vidctl.store.alerts import Listed

_DAYS: Final = 7

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command(rich_help_panel=EVERY_DAY, cls=Reading)
def alerts(
    alert_id: Annotated[
        int | None, typer.Argument(metavar="[ID]", min=1, max=2**31 - 1, help="Only this one, and all of it.")
    ] = None,
    whole: Annotated[bool, typer.Option("--all", help="Not only the last seven days.")] = False,
    as_json: Json = False,
) -> None:
    """Show what people had to be told, and which destination got it.

    Of the last seven days, and whatever is not delivered yet; on a terminal
    without the end of long ones. Where alerts go is set by DISCORD_WEBHOOK_URL
    and VIDCTL_ALERT_URLS; see .env.example.

    Example: vidctl alerts --all
    """
    from datetime import timedelta

    from vidctl.cli.alerts_shown import print_listed, print_whole
    from vidctl.cli.session import now, session
    from vidctl.engine.alerting.destinations import destinations
    from vidctl.errors import NotFound
    from vidctl.store import alerts as store

    with session("alerts") as opened:
        since = now() - timedelta(days=36_500 if whole or alert_id else _DAYS)
        listed = store.listed(opened.db, since=since, alert_id=alert_id)
        if alert_id and not listed:
            raise NotFound(f"there is no alert {alert_id}", hint="see: vidctl alerts --all")
        set_up = destinations(opened.settings.environment)
        kept = store.destinations(opened.db, [one.id for one in set_up])
    if as_json:
        from vidctl.cli.show import show

        names = {one.id: one.name for one in set_up}
        data = {
            "destinations": [_destination_json(one, kept.get(one.id)) for one in set_up],
            "alerts": [_alert_json(one, names) for one in listed],
        }
        show(data, "", as_json=True)
    elif alert_id:
        print_whole(listed[0], set_up, now())
    else:
        print_listed(listed, set_up, kept, now())


@app.command(rich_help_panel=EVERY_DAY)
def alert(
    test: Annotated[bool, typer.Option("--test", help="Send a message to each destination now.")] = False,
    as_json: Json = False,
) -> None:
    """Find out whether alerts arrive: send a test message to every destination, and say what became of it.

    Ends with 77 where one is gone or its key is refused, with 75 where one
    does not answer, with 78 where none is set. What rested is used again.

    Example: vidctl alert --test
    """
    from vidctl.errors import Misconfigured

    if not test:
        raise typer.BadParameter("say what to do: --test sends a message to every destination")
    from vidctl.cli.session import now, session
    from vidctl.cli.show import show
    from vidctl.engine.alerting.destinations import destinations
    from vidctl.engine.alerting.sending import send
    from vidctl.settings import machine_of
    from vidctl.store import alerts as store

    with session("alert") as opened:
        environment = opened.settings.environment
        set_up = destinations(environment)
        if not set_up:
            hint = "set DISCORD_WEBHOOK_URL or VIDCTL_ALERT_URLS in .env; .env.example says how"
            raise Misconfigured("alerts go nowhere", hint=hint)
        message = _test_message(machine_of(environment))
        found = [(one, send(one, message, environment)) for one in set_up]
        for one, failure in found:
            if failure is None:
                store.know(opened.db, one.id, one.name)
                store.recovered(opened.db, one.id, now=now())
    if as_json:
        show({"destinations": [_tested_json(one, failure) for one, failure in found]}, "", as_json=True)
    else:
        _print_tested(found)
    if statuses := [_status_of(failure) for _, failure in found if failure is not None]:
        raise typer.Exit(max(statuses))


def _test_message(machine: str) -> "Message":
    from vidctl.domain.alerting import Level, Message

    body = f"Whatever needs a person is said here; this is only a test, from {machine}.\nTo do: nothing."
    return Message("vidctl reaches you", body, "", Level.SUCCESS)


def _status_of(failure: "Failure") -> int:
    from vidctl.contract import EXIT_CODE_OF
    from vidctl.errors import ExitCode

    own = {"KeyRefused": ExitCode.KEY_REFUSED, "Misconfigured": ExitCode.MISCONFIGURED}
    return own.get(failure.error_type, EXIT_CODE_OF[failure.error_class])


def _print_tested(found: "Sequence[tuple[Destination, Failure | None]]") -> None:
    from vidctl.cli.app import complain
    from vidctl.cli.show import line, say

    for one, failure in found:
        if failure is None:
            say(f"{one.name}: the message is there.")
        else:
            complain(f"{one.name}: {line(failure.message)}", line(failure.hint))


def _tested_json(one: "Destination", failure: "Failure | None") -> dict[str, Any]:
    return {
        "name": one.name,
        "id": one.id,
        "delivered": failure is None,
        "problem": failure and failure.message,
        "hint": failure and failure.hint,
    }


def _destination_json(one: "Destination", kept: "Kept | None") -> dict[str, Any]:
    return {
        "name": one.name,
        "id": one.id,
        "problem": (kept and kept.problem) or None,
        "hint": (kept and kept.hint) or None,
        "is_refused": bool(kept and kept.is_refused),
        "failures": kept.failures if kept else 0,
        "next_at": kept and kept.due_at,
        "delivered_at": kept and kept.delivered_at,
    }


def _alert_json(one: "Listed", names: "Mapping[str, str]") -> dict[str, Any]:
    return {
        "id": one.id,
        "kind": one.kind,
        "task_id": one.task_id,
        "channel_id": one.channel_id,
        "title": one.title,
        "message": one.message,
        "hint": one.hint,
        "created_at": one.created_at,
        "attempts": one.attempts,
        "delivered": {names.get(destination, destination): at for destination, at in one.got.items()},
    }
