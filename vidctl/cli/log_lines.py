"""One entry of a log as lines for people: when, how bad, in which step, what."""

from typing import TYPE_CHECKING, Any, Final

from vidctl.cli.show import line, lines

if TYPE_CHECKING:
    from rich.text import Text

    from vidctl.logs.reading import Entry

_COLOURS: Final = {"debug": "dim", "warning": "yellow", "error": "red", "critical": "bold red"}
_SHOWN_ELSEWHERE: Final = frozenset(
    {
        *("timestamp", "level", "message", "correlation_id", "channel_id", "step", "attempt", "host", "task_id"),
        *("item", "stream", "error_message", "error_class", "is_transient", "retry_attempt"),
        *("hint", "exception", "reason", "move", "error"),
    }
)


def plain(entry: "Entry") -> list[str]:
    """Return the lines of an entry for a pipe."""
    first, *rest = _said(entry)
    begin = f"{entry.at:%Y-%m-%dT%H:%M:%S.%f}"[:-3]
    return [f"{begin}Z {entry.level:<8} {_where(entry)} {first}".rstrip(), *(f"    {more}" for more in rest)]


def coloured(entry: "Entry") -> "Text":
    """Return an entry for a terminal, where the day stands above."""
    from rich.text import Text

    first, *rest = _said(entry)
    colour = _COLOURS.get(entry.level, "")
    shown = Text.assemble((f"{entry.at:%H:%M:%S} ", "dim"), (f"{_where(entry):<12} ", "cyan"), (first, colour))
    for more in rest:
        shown.append(f"\n{'':22}{more}", "dim")
    return shown


def _where(entry: "Entry") -> str:
    """Return the step and, from the second one on, the attempt: "clips/2"."""
    step, attempt = entry.fields.get("step"), entry.fields.get("attempt")
    return line(f"{step}/{attempt}" if step and isinstance(attempt, int) and attempt > 1 else step or "-")


def _said(entry: "Entry") -> list[str]:
    """Return what an entry says: a line, and those that belong below it."""
    fields = entry.fields
    item = line(fields.get("item") or fields.get("script") or "")
    if fields.get("stream") == "stderr":
        return [f"{item} | {line(entry.message)}" if item else line(entry.message)]
    about = f"{item}: " if item and item not in entry.message else ""
    more = next((f": {line(fields[name])}" for name in ("error_message", "reason", "error") if fields.get(name)), "")
    rest = [_named(name, value) for name, value in fields.items() if _is_shown(name, value, entry.message)]
    whole = f"{about}{line(entry.message)}{more}" + (f" ({', '.join(rest)})" if rest else "")
    hint = [f"hint: {line(fields['hint'])}"] if fields.get("hint") else []
    return [whole, *hint, *lines(str(fields.get("exception") or "")).splitlines()]


def _is_shown(name: str, value: Any, message: str) -> bool:
    """Say whether a field is worth a word: it says something, and nothing that the message says too."""
    is_usual = name == "exit_status" and value == 0
    is_said = name == "script" and str(value) in message
    return name not in _SHOWN_ELSEWHERE and value not in (None, "") and not is_usual and not is_said


def _named(name: str, value: Any) -> str:
    return f"{line(value)} s" if name == "duration_s" else f"{name.replace('_', ' ')} {line(value)}"
