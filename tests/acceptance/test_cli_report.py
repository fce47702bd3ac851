"""`vidctl report`: the same numbers for eyes, for pipes, for programs, and for a browser."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from tests.place import Place, Ran
from tests.reports import Story
from tests.studio import Studio
from vidctl.domain.periods import last_week
from vidctl.domain.status import Event, Status
from vidctl.errors import ExitCode

Run = Callable[..., Ran]
HOSTILE = "busy \x1b[31m[red]now"


@pytest.fixture
def week(studio: Studio) -> datetime:
    """The beginning of the week that ended last: one film was published in it and one failed, with a hostile word."""
    begin = last_week(datetime.now(UTC)).begin
    film, other = Story(studio, begin), Story(studio, begin)
    film.costs(2)
    film.go(Status.GENERATING_VIDEO)
    film.fails(message=HOSTILE)
    film.go()
    other.go(Status.GENERATING_VIDEO)
    other.move(Event.FAIL)
    return begin


def test_a_pipe_gets_lines_of_cells(quick: Run, week: datetime) -> None:
    said = quick("report", "--week")
    rows = [line.split("\t") for line in said.out.splitlines()]
    assert rows[0] == ["what", "it was", "target", "besides"]
    assert ["films", "1 published", "", "1 failed; 1 needed no help"] in rows
    assert ["success", "50%", "90%", "of 2 films"] in rows
    assert ["recovery", "100%", "80%", "1 of 1 series, 1.0 retries each"] in rows
    assert ["clips", "RateLimited", "transient", "1", "1", "busy  [31m[red]now"] in rows
    assert said.err == ""


def test_a_program_gets_one_object_of_the_time_that_is_asked_for(quick: Run, studio: Studio, week: datetime) -> None:
    studio.channel("two")
    day = f"{week:%Y-%m-%d}"
    for words in (["--week"], ["--of", day], ["--since", day, "--until", f"{week + timedelta(days=7):%Y-%m-%d}"]):
        said = quick("report", *words, "--json").json
        assert said["films"] == {"published": 1, "unaided": 1, "failed": 1, "success": 0.5, "target": 0.9}
        assert said["cost"]["usd"] == 2
    assert quick("report", "--month", "--of", day, "--json").json["period"]["name"] == f"{week:%Y-%m}"
    assert quick("report", "--week", "--channel", "two", "--json").json["films"]["success"] is None
    assert quick("report", "--since", "1700-01-01", "--json").json["films"]["published"] == 1
    assert quick("report", "--month", "--json").status == 0
    assert quick("report", "--json").json["period"]["name"] == "the last seven days"


REFUSED = (
    (["--week", "--month"], ExitCode.USAGE),
    (["--of", "2026-11-18", "--since", "30d"], ExitCode.USAGE),
    (["--send", "--channel", "one"], ExitCode.USAGE),
    (["--dry-run"], ExitCode.USAGE),
    (["--of", "soon"], ExitCode.BAD_DATA),
    (["--of", "9999-12-31"], ExitCode.BAD_DATA),
    (["--of", "0001-01-01"], ExitCode.BAD_DATA),
    (["--since", "2099-01-01"], ExitCode.BAD_DATA),
    (["--until", "1800-01-01"], ExitCode.BAD_DATA),
    (["--since", "99999999999d"], ExitCode.BAD_DATA),
    (["--channel", "nobody"], ExitCode.NO_INPUT),
    (["--html", "."], ExitCode.BAD_DATA),
    (["--html", ""], ExitCode.BAD_DATA),
    (["--html", "/dev/null/week.html"], ExitCode.CANNOT_WRITE),
)


def test_what_makes_no_sense_is_refused_in_two_lines(quick: Run, studio: Studio) -> None:
    for words, status in REFUSED:
        said = quick("report", *words)
        assert (said.status, said.out, said.err.count("\n")) == (status, "", 2), (words, said)


def test_a_terminal_shows_every_number_whole_and_obeys_no_message(terminal: Run, week: datetime) -> None:
    shown = terminal("report", "--week").out
    assert "\x1b[31m" not in shown.replace("\x1b[1;31m", "")
    assert "[red]now" in shown
    for words in ("1 published", "50%", "100%", "$2.00", "clips", f"{week:%Y-%m-%d}"):
        assert words in shown
    assert any(level in shown for level in "▁▂▃▄▅▆▇█")
    plain = terminal("report", "--month", PYTHONIOENCODING="ascii")
    assert (plain.status, plain.out.isascii(), "success" in plain.out) == (0, True, True), plain


def test_cron_keeps_the_week_says_it_once_and_prints_nothing(
    quick: Run, place: Place, studio: Studio, week: datetime
) -> None:
    dry = quick("report", "--week", "--send", "--dry-run", "--html", "week.html")
    assert dry.out.startswith("weekly report: The week of ")
    assert not (place.root / "week.html").exists()
    assert quick("report", "--week", "--send", "--html", "week.html") == Ran(0, "", "")
    assert (place.root / "week.html").read_text("utf-8").startswith("<!doctype html>")
    again = quick("report", "--send", "--json").json
    assert again == {"kept": [], "said": []}
    [(kind, hint)] = studio.db.execute("select kind, hint from alerts").fetchall()
    assert (kind, "vidctl report --week" in hint) == ("weekly report", True)
