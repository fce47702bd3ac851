"""What a shell offers after Tab: films with their titles, channels, words; without a word where something is wrong."""

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.place import Place, Ran
from tests.studio import Studio
from vidctl.store import Db, services
from vidctl.store.completing import MOST

Offered = Callable[..., list[str]]


@pytest.fixture
def offered(quick: Callable[..., Ran], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Offered:
    """Press Tab behind a line, as bash does, or zsh: return the lines that the shell is given."""

    def press(line: str, *, shell: str = "bash") -> list[str]:
        monkeypatch.setenv("_VIDCTL_COMPLETE", f"complete_{shell}")
        monkeypatch.setenv("COMP_WORDS", line)
        monkeypatch.setenv("COMP_CWORD", str(line.count(" ")))
        monkeypatch.setenv("_TYPER_COMPLETE_ARGS", line)
        capsys.readouterr()
        with pytest.raises(SystemExit) as ended:
            quick()
        printed = capsys.readouterr()
        assert (ended.value.code, printed.err) == (0, "")
        return list(filter(None, printed.out.splitlines()))

    return press


def test_films_are_offered_where_they_can_be_meant(offered: Offered, studio: Studio) -> None:
    draft, queued = (str(studio.film(queue=queue))[:8] for queue in (False, True))
    assert set(offered("vidctl status ")) == {draft, queued}
    assert offered("vidctl queue ") == [draft]
    assert offered(f"vidctl history {queued[:7]}") == [queued]
    assert offered("vidctl review approve ") == offered("vidctl retry ") == offered("vidctl estimate x'") == []
    assert set(offered(f"vidctl prioritize {draft} ")) == {draft, queued, "high", "normal", "low"}
    studio.db.execute("update tasks set status = 'Final Review' where id::text like %s || '%%'", (queued,))
    assert set(offered("vidctl review ")) == {"list", "approve", "reject", queued}
    assert offered("vidctl review app") == ["approve"]


def test_an_id_is_offered_with_as_much_of_it_as_no_other_film_has(offered: Offered, studio: Studio, db: Db) -> None:
    one, other = (studio.film(queue=False) for _ in range(2))
    for film, last in ((one, "1"), (other, "2")):
        db.execute("update tasks set id = (%s || repeat(%s, 4))::uuid where id = %s", (f"{0:028d}", last, film))
    assert set(offered("vidctl status ")) == {_uuid(last) for last in "12"}
    for _ in range(MOST):
        studio.film(queue=False)
    assert len(offered("vidctl status ")) == MOST


def _uuid(last: str) -> str:
    return f"00000000-0000-0000-0000-00000000{last * 4}"


def test_a_title_is_said_beside_its_film_and_nothing_in_it_is_obeyed(offered: Offered, studio: Studio) -> None:
    studio.film(queue=False, title="Salt \\$(touch owned) `x` [/red] 'a' \"b\" \x1b[2J; ütf " + "long " * 30)
    (line,) = offered("vidctl status ", shell="zsh")
    head, shown = line.split(":((")
    assert head == "_arguments '*: "
    name, said = shown.removesuffix("))'").split(":", 1)
    assert (len(name), said[:44]) == (10, '"Draft, Salt touch owned x /red a b 2J ütf l')
    assert len(said) < 70


def test_channels_and_what_is_paused_are_offered(offered: Offered, studio: Studio, place: Place) -> None:
    place.channel("other")
    (place.configs / "_defaults.yaml").write_text("mode: preview\n")
    assert offered("vidctl costs --channel ") == ["one", "other"]
    assert offered("vidctl add o") == ["one", "other"]
    services.pause(studio.db, "kie", until=studio.now + timedelta(hours=1), reason="the quota is used up")
    assert offered("vidctl services --resume ") == ["kie"]


def test_without_a_usable_database_nothing_is_offered_begun_or_changed(
    offered: Offered, db: Db, monkeypatch: pytest.MonkeyPatch, vidctl_home: Path
) -> None:
    db.execute("alter table tasks rename to other")
    assert offered("vidctl status ") == []
    assert db.execute("select to_regclass('tasks')").fetchone() == (None,)
    monkeypatch.setenv("DATABASE_URL", "postgresql://ana@127.0.0.1:1/films")
    assert offered("vidctl status ") == []
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("VIDCTL_HOME", str(vidctl_home))
    assert offered("vidctl status ") == []
    assert not vidctl_home.exists()


def test_it_imports_no_more_than_it_needs(place: Place, studio: Studio) -> None:
    film = str(studio.film())[:8]
    asked = {"_VIDCTL_COMPLETE": "complete_bash", "COMP_WORDS": "vidctl status ", "COMP_CWORD": "2"}
    ran = subprocess.run(
        [sys.executable, "-X", "importtime", "-c", "from vidctl.cli.app import main; main()"],
        env={**os.environ, **place.environment, **asked},
        cwd=place.root,
        capture_output=True,
        text=True,
        check=True,
    )
    imported = {line.rsplit("|", 1)[1].strip() for line in ran.stderr.splitlines() if "|" in line}
    assert ran.stdout.split() == [film]
    assert "psycopg" in imported
    assert imported & {"sqlalchemy", "alembic", "rich", "yaml", "msgspec", "structlog", "httpx"} == set()
