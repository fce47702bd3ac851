"""Every command reads or writes: who only looks can have JSON, and whoever tries what writes leaves no trace."""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Final

import pytest
import typer
from cryptography.fernet import Fernet

from tests.place import Place, Ran
from tests.studio import Studio
from tests.traces import changed, traces
from vidctl.cli.commands import app
from vidctl.cli.kinds import APART, Reading, Writing
from vidctl.domain.status import Event, Status
from vidctl.engine import sealing
from vidctl.engine.sealing import Token
from vidctl.store import accounts, moves, services

Run = Callable[..., Ran]

ELSEWHERE: Final = {
    "takes": "test_cli_takes",
    "promote": "test_cli_promote",
    "upload": "test_cli_upload",
    "notion setup": "test_cli_notion",
    "report": "test_cli_report",
    "backup": "test_cli_backup",
    "restore": "test_cli_backup",
    "init": "test_cli_init",
    "install-cron": "test_cli_install_cron",
    "logs": "each entry is a line: test_cli_logs",
    "db start": "test_cli_db",
    "db stop": "test_cli_db",
    "notion check": "test_cli_notion",
    "cron": "test_cli_cron",
    "doctor": "test_cli_doctor",
}
"""Commands that need more than films and a database, and where they are tried."""


def _walk(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner: Mapping[str, Any] = getattr(command, "commands", {})
    for sub, deeper in inner.items():
        yield from _walk(f"{name} {sub}".strip(), deeper)
    if not inner:
        yield name, command


COMMANDS: Final = dict(_walk("", typer.main.get_command(app)))


def _of(kind: type) -> set[str]:
    return {name for name, command in COMMANDS.items() if isinstance(command, kind)} - set(ELSEWHERE)


def test_every_command_says_whether_it_reads_or_writes_and_has_the_options_of_that() -> None:
    options = {name: {option for param in one.params for option in param.opts} for name, one in COMMANDS.items()}
    neither = [name for name, one in COMMANDS.items() if not isinstance(one, (Reading, Writing)) and name not in APART]
    assert neither == [], "declare them with cls=Reading or cls=Writing"
    assert [name for name in COMMANDS if name not in APART and "--json" not in options[name]] == []
    dry = {name for name in COMMANDS if "--dry-run" in options[name]}
    assert dry == {name for name, one in COMMANDS.items() if isinstance(one, Writing)}
    assert set(APART) <= set(COMMANDS)


def test_what_reads_prints_one_document_also_where_there_is_nothing_to_show(quick: Run, db: Any) -> None:
    film = quick("add", "one", "--title", "t", "--topic", "t", "--json").json["id"]
    asked = {"estimate": film, "explain": film, "history": film, "storyboard show": ""}
    for name in sorted(_of(Reading)):
        ran = quick(*name.split(), *filter(None, [asked.get(name)]), "--json")
        if name == "storyboard show":
            assert (ran.status, ran.out) == (2, ""), "it has no storyboard to show"
        else:
            assert isinstance(ran.json, dict), name
            assert ran.out.isascii()
            assert ran.err.count("\n") <= 2, name
    assert db.execute("select count(*) from tasks").fetchone() == (1,)


class Scene:
    """A place with something to do for every command that only writes to the database, and what to call it with."""

    def __init__(self, studio: Studio, place: Place) -> None:
        self.studio, self.place, now = studio, place, studio.now
        self.draft, self.gate = studio.film(queue=False, title="Draft"), studio.film(title="At a gate")
        studio.bring(self.gate, Status.ASSETS_READY)
        self.failed, self.waiting = studio.film(title="Failed"), studio.film(title="Waiting")
        claimed = moves.move(studio.db, studio.task(self.failed).seen, Event.CLAIM, actor="engine", now=now)
        moves.move(studio.db, claimed, Event.FAIL, actor="engine", now=now, failed_step="plan")
        services.pause(studio.db, "kie", until=now + timedelta(hours=1), reason="the quota is used up")
        keys = [Fernet.generate_key().decode() for _ in range(2)]
        token = sealing.sealed(Token("one", "UC" + "x" * 22, "1//x"), {"FERNET_KEY": keys[0]})
        accounts.put(studio.db, "one", token, youtube_channel_id="UC" + "x" * 22, title="One", now=now, expires_at=None)
        self.settings = {"FERNET_KEY": ",".join(reversed(keys)), "GOOGLE_CLIENT_ID": "x", "GOOGLE_CLIENT_SECRET": "x"}
        self.order = self._doubted()
        self._write_files()

    def _doubted(self) -> int:
        row = self.studio.db.execute(
            """insert into orders (task_id, channel_id, kind, index, step, service, subject, component, state, by_job,
                                   reserved_usd, asked_at, answered_at)
               values (%s, 'one', 'clip', 1, 'clips', 'kie', 'x', 'kling_video', 'in doubt', true, 0.21, now(), now())
               returning id""",
            (self.failed,),
        ).fetchone()
        assert row is not None
        return int(row[0])

    def _write_files(self) -> None:
        """Change a channel's file and add one, of which no tick has heard yet."""
        own = self.place.configs / "one.yaml"
        own.write_text(json.dumps({**json.loads(own.read_text()), "channel_name": "Another name"}))
        self.place.channel("two")
        (self.place.root / "films.csv").write_text("channel_id,title,topic,status\none,T,t,Queued\ntwo,T,t,Draft\n")
        board = json.loads((self.studio.folder(self.gate).root / "storyboard.json").read_text())
        board["scenes"][0]["motion"] = "slower"
        (self.place.root / "board.json").write_text(json.dumps(board))

    @property
    def commands(self) -> dict[str, list[str]]:
        """What changes something, by command."""
        draft, gate, failed, waiting = map(str, (self.draft, self.gate, self.failed, self.waiting))
        return {
            "add": ["two", "--title", "T", "--topic", "t", "--queue"],
            "import": ["films.csv"],
            "queue": [draft],
            "hold": [waiting],
            "retry": [failed],
            "prioritize": [draft, gate, "high"],
            "schedule": [draft, "2099-01-01"],
            "settle": [str(self.order), "--not-bought"],
            "services": ["--resume", "kie"],
            "review approve": [gate],
            "review reject": [gate, "--notes", "asset 1: greener"],
            "storyboard edit": [gate, "--file", "board.json"],
            "channel add": ["three", "--name", "Three"],
            "sync": [],
            "tick": [],
            "run-step": [waiting],
            "auth youtube": ["--channel", "one"],
            "auth rotate-key": [],
            "auth forget": ["--channel", "one"],
            "audit archive": ["--older-than", "0d"],
            "db migrate": [],
            "cleanup": [],
        }

    @property
    def refused(self) -> list[list[str]]:
        """What is refused, for as many reasons as there are."""
        draft, gate = str(self.draft), str(self.gate)
        return [
            ["add", "nowhere", "--title", "T", "--topic", "t"],
            ["add", "two", "--title", "T" * 201, "--topic", "t"],
            ["import", "nothing.csv"],
            ["queue", gate],
            ["hold", draft],
            ["retry", draft],
            ["prioritize", "ffffffff", "high"],
            ["schedule", draft, "yesterday"],
            ["settle", "999", "--bought"],
            ["services", "--resume", "gemini"],
            ["review", "approve", draft],
            ["review", "reject", gate, "--notes", "clip 99: slower"],
            ["storyboard", "edit", gate, "--file", "films.csv"],
            ["channel", "add", "one", "--name", "One"],
            ["channel", "add", "four", "--name", "Four", "--mode", "none"],
            ["run-step", "ffffffff"],
            ["auth", "youtube", "--channel", "nowhere"],
            ["auth", "forget", "--channel", "two"],
            ["audit", "archive", "--older-than", "x"],
        ]

    def everything(self) -> dict[str, Any]:
        """Return all that is kept: each table's rows, and each file's bytes."""
        return traces(self.studio.db, self.place.root)


@pytest.fixture
def scene(studio: Studio, place: Place, monkeypatch: pytest.MonkeyPatch) -> Scene:
    made = Scene(studio, place)
    for name, value in made.settings.items():
        monkeypatch.setenv(name, value)
    return made


def test_a_dry_run_of_what_would_change_something_leaves_no_trace_and_says_that(quick: Run, scene: Scene) -> None:
    assert set(scene.commands) == _of(Writing)
    before = scene.everything()
    for name, arguments in scene.commands.items():
        ran = quick(*name.split(), *arguments, "--dry-run", "--json")
        assert (ran.status, ran.json["dry_run"]) == (0, True), (name, ran)
        assert ran.err.endswith("This was a dry run: nothing was changed.\n"), (name, ran)
        assert changed(before, scene.everything()) == set(), name


def test_a_dry_tick_names_the_films_that_the_next_one_begins(quick: Run, scene: Scene) -> None:
    dry, real = quick("tick", "--dry-run", "--json").json, quick("tick", "--json").json
    assert dry == real | {"dry_run": True}
    assert [film["id"] for film in real["begun"]] == [str(scene.waiting)]


def test_what_is_refused_is_refused_in_a_dry_run_in_the_same_words(quick: Run, scene: Scene) -> None:
    for arguments in scene.refused:
        dry, real = quick(*arguments, "--dry-run"), quick(*arguments)
        assert dry == real, arguments
        assert real.status != 0, arguments
