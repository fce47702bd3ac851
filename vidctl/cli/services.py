"""`vidctl services` and `vidctl audit`: what rests and why, and whether the record of decisions is whole."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from vidctl.cli.app import EVERY_DAY, SET_UP, app

if TYPE_CHECKING:
    from vidctl.store import Db
    from vidctl.store.services import Pause

audit = typer.Typer(help="The record of what people decided.", no_args_is_help=True)
app.add_typer(audit, name="audit", rich_help_panel=SET_UP)

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


@audit.command()
def verify(as_json: Json = False) -> None:
    """Prove that no decision was changed, removed or inserted since it was made; ends with 65 where one was.

    Example: vidctl audit verify
    """
    from vidctl.cli.session import session
    from vidctl.cli.show import show
    from vidctl.errors import BadInput
    from vidctl.store import audit as store

    with session("audit verify") as opened:
        rows, broken = store.count(opened.db), list(store.broken_rows(opened.db))
        unrecorded = list(store.unrecorded(opened.db))
    whole = not broken and not unrecorded
    data = {
        "ok": whole,
        "decisions": rows,
        "broken": [{"row": row, "what": what} for row, what in broken],
        "unrecorded": [{"task_id": task_id, "gate": gate, "at": at} for task_id, gate, at in unrecorded],
    }
    complaints = [f"row {row}: {what}" for row, what in broken]
    complaints += [f"the decision about task {task_id} at {gate} is gone" for task_id, gate, _ in unrecorded]
    fine = f"{rows} decision{'s' * (rows != 1)}, each as it was made."
    show(data, fine if whole else "\n".join(complaints), as_json=as_json)
    if not whole:
        raise BadInput(
            f"the record of decisions was tampered with in {len(complaints)} place{'s' * (len(complaints) != 1)}",
            hint="compare with a backup: nobody can do this through vidctl",
        )
