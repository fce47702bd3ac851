"""The picture of the README: the table of moves, drawn by Mermaid.

Printed by `python -m vidctl.domain.diagram`.
"""

from collections.abc import Iterator

from vidctl.domain.status import ERRORS, GATES, TRANSITIONS, WORKING, Event, Status

_DRAWN = (Event.QUEUE, Event.CLAIM, Event.START, Event.FINISH, Event.APPROVE, Event.FAIL, Event.REJECT)
"""The rest leads back: a retry to the failed step, a hold to Draft, a deferred step stays where it is."""


def mermaid() -> str:
    """Return the diagram: gates as hexagons, working statuses as round boxes, errors in red."""
    return "\n".join(["flowchart LR", *_boxes(), *_arrows(), *_colours()])


def _boxes() -> Iterator[str]:
    shapes = {**dict.fromkeys(GATES, '{{{{"{}"}}}}'), **dict.fromkeys(WORKING, '("{}")')}
    for status in Status:
        yield f"  {_name(status)}{shapes.get(status, '[{}]').format(status.value)}"


def _arrows() -> Iterator[str]:
    for (status, event), ways in TRANSITIONS.items():
        if event in _DRAWN:
            arrow = "-.->" if event in {Event.FAIL, Event.REJECT} else "==>" if event is Event.APPROVE else "-->"
            yield f"  {_name(status)} {arrow}|{event}| {_name(ways[0])}"


def _colours() -> Iterator[str]:
    yield "  classDef gate fill:#f6c177,stroke:#b07d2b,color:#1f1d2e"
    yield "  classDef error fill:#eb6f92,stroke:#8f2d4a,color:#1f1d2e"
    yield f"  class {','.join(map(_name, GATES))} gate"
    yield f"  class {','.join(map(_name, ERRORS))} error"


def _name(status: Status) -> str:
    return status.replace(" ", "")


if __name__ == "__main__":
    print(mermaid())
