"""`vidctl services`: what rests and why."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli.app import EVERY_DAY, app

if TYPE_CHECKING:
    from vidctl.store import Db
    from vidctl.store.services import Pause

Json = Annotated[bool, typer.Option("--json", help="Print one JSON object.")]


@app.command(rich_help_panel=EVERY_DAY)
def services(
    resume: Annotated[str | None, typer.Option(metavar="NAME", help="Lift the pause of this service now.")] = None,
    as_json: Json = False,
) -> None:
    """Show the services that are paused (a used-up quota, a refused key), why, and until when.

    Example: vidctl services --resume kie
    """
    from vidctl.cli.session import now, session
    from vidctl.cli.status import files_of
    from vidctl.cli.status import paused as paused_now

    with session("services") as opened:
        if resume is not None:
            was = _resume(opened.db, resume)
        paused = paused_now(opened.db, now(), files_of(opened))
    if resume is not None:
        from vidctl.cli.render import pause_json
        from vidctl.cli.show import show

        data = {"resumed": resume, "services": [pause_json(pause) for pause in paused]}
        show(data, f"{resume} is used again from the next tick on. It was paused because: {was}", as_json=as_json)
    else:
        _print(paused, as_json=as_json)


def _resume(db: "Db", service: str) -> str:
    """Lift a pause and return its reason.

    Raises:
        NotFound: the service is not paused.
    """
    from vidctl.cli.session import now
    from vidctl.errors import NotFound
    from vidctl.store import services as store

    reasons = {pause.service: pause.reason for pause in store.paused(db, now=now())}
    if service not in reasons or not store.resume(db, service):
        paused = ", ".join(reasons) or "nothing"
        raise NotFound(f"no service {service!r} is paused", hint=f"paused now: {paused}")
    return reasons[service]


def _print(paused: "list[Pause]", *, as_json: bool) -> None:
    from vidctl.cli import words
    from vidctl.cli.render import pause_json
    from vidctl.cli.show import show, table

    if as_json:
        show({"services": [pause_json(pause) for pause in paused]}, "", as_json=True)
    elif paused:
        table(("service", "paused until", "why"), [(p.service, words.moment(p.paused_until), p.reason) for p in paused])
    elif sys.stdout.isatty():
        show({}, "No service is paused.", as_json=False)
