"""The record of decisions on the command line: proved, archived, and handed over as a document."""

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.place import Ran
from tests.studio import Studio
from vidctl.cli.audit_words import ago
from vidctl.cli.evidence.sheet import harmless
from vidctl.cli.markup import el
from vidctl.domain.decisions import Action
from vidctl.domain.status import Status
from vidctl.errors import BadInput, ExitCode
from vidctl.store import audit
from vidctl.store.audit import Decision

Run = Callable[..., Ran]

NOTION_ID = "6f1b3c1e-1111-4222-8333-444455556666"
EVIL = '</h2><script src="https://evil.example/x.js"></script><img src=x onerror=alert(1)> & "=1+1"'
PIXEL = b"\xff\xd8\xff\xe0 a picture"


@pytest.fixture
def studio(studio: Studio) -> Studio:
    studio.channel(scenes=1)
    return studio


@pytest.fixture
def published(studio: Studio) -> UUID:
    """A film with an evil title that was rejected by somebody on the board, then approved, and is on YouTube."""
    board = f"Ana <a@x> (notion:{NOTION_ID})"
    studio.db.execute("insert into people (user_id, name, read_at) values (%s, 'Ana Lima', now())", (NOTION_ID,))
    task_id = studio.film(title=EVIL)
    studio.bring(task_id, Status.VIDEO_READY)
    studio.reject(task_id, '=HYPERLINK("https://evil.example")')
    studio.retry(task_id)
    studio.advance(task_id, Status.FINAL_REVIEW)
    studio.folder(task_id).path("thumbnail.jpg").write_bytes(PIXEL)
    studio.db.execute(
        "update artifacts set path = 'thumbnail.jpg', sha256 = %s where kind = 'thumbnail'",
        (hashlib.sha256(PIXEL).hexdigest(),),
    )
    studio.approve(task_id, by=board)
    (film,) = studio.db.execute("select sha256 from artifacts where kind = 'film'").fetchone() or ("",)
    publish(studio, task_id, film)
    return task_id


def publish(studio: Studio, task_id: UUID, sha256: str) -> None:
    studio.db.execute(
        """insert into uploads (task_id, channel_id, film_sha256, account, video_id, begun_at, published_at)
           values (%s, 'one', %s, 'UC-account', 'vid-1', %s, %s)""",
        (task_id, sha256, studio.now, studio.now),
    )
    seen = [("film", 1, sha256)]
    audit.append(
        studio.db, Decision(task_id, Status.FINAL_REVIEW, Action.PUBLISHED, "engine", "", seen, studio.now, "vid-1")
    )
    studio.db.execute("update tasks set status = 'Published'")


class Page(HTMLParser):
    """What a browser would make of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.handlers: list[str] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href"}]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_data(self, data: str) -> None:
        self.words += data


def test_the_record_is_verified_and_a_head_of_earlier_is_looked_for(quick: Run, studio: Studio) -> None:
    assert quick("audit", "verify").out == "0 decisions, each as it was made.\n"
    task_id = studio.film()
    studio.bring(task_id, Status.ASSETS_READY)
    studio.approve(task_id)
    said = quick("audit", "verify", "--json").json
    assert said == {
        "ok": True,
        "decisions": 1,
        "archived": 0,
        "head": said["head"],
        "broken": [],
        "unrecorded": [],
        "archives": [],
        "missing": [],
        "unknown_heads": [],
    }
    assert quick("audit", "verify", "--head", said["head"]).out.endswith(f"The last one: {said['head']}\n")
    other = f"1:{'f' * 64}"
    unknown = quick("audit", "verify", "--head", other)
    assert (unknown.status, unknown.out.splitlines()[0]) == (65, f"the head {other} is not in the chain")
    assert quick("audit", "verify", "--head", "9f2c…").status == ExitCode.BAD_DATA
    studio.db.execute("set session_replication_role = replica")
    studio.db.execute("update review_audit set notes = 'changed'")
    ran = quick("audit", "verify", "--json")
    assert (ran.status, ran.json["ok"], ran.json["broken"][0]["row"]) == (ExitCode.BAD_DATA, False, 1)
    assert "tampered" in ran.err


def test_what_is_old_is_archived_and_is_evidence_all_the_same(quick: Run, studio: Studio, tmp_path: Path) -> None:
    assert (quick("audit", "archive").status, quick("audit", "archive").out) == (0, "")
    studio.now -= timedelta(days=1_000)
    task_id = studio.film()
    studio.bring(task_id, Status.PUBLISHED)
    assert quick("audit", "archive", "--dry-run").out == "would be moved: 4 decisions, 1 to 4\n"
    assert studio.decided() == 5
    ran = quick("audit", "archive", "--older-than", "900d", "--json")
    assert (ran.json["archived"], studio.decided()) == (4, 1)
    gates = [one["gate"] for one in quick("audit", "export").json["films"][0]["decisions"]]
    assert gates == ["Assets Ready", "Video Ready", "Audio Ready", "Final Review", "Final Review"]
    file = Path(ran.json["path"])
    file.rename(tmp_path / file.name)
    gone = quick("audit", "verify")
    assert (gone.status, gone.out.splitlines()[0]) == (ExitCode.NO_INPUT, f"not here: {file}")
    assert "--folder" in gone.err
    assert quick("audit", "verify", "--folder", str(tmp_path)).status == 0
    assert quick("audit", "archive", "--older-than", "long").status == ExitCode.BAD_DATA


def test_an_export_says_who_reviewed_what_and_that_this_is_what_was_published(
    quick: Run, studio: Studio, published: UUID
) -> None:
    (film,) = quick("audit", "export", "--channel", "one").json["films"]
    assert film["video"] | {"published_at": None} == {
        "id": "vid-1",
        "url": "https://www.youtube.com/watch?v=vid-1",
        "published_at": None,
    }
    assert film["channel"] == {"id": "one", "name": "One", "youtube_channel_id": "UC-account"}
    assert film["film"]["approved_is_published"] is True
    assert film["film"]["approved_by"] == "Ana Lima", "as Notion knows her now"
    assert film["synthetic_media"] == {"declared": None, "by_channel_file": True}
    rejected = film["decisions"][1]
    assert (rejected["gate"], rejected["decision"], rejected["reviewer"]) == ("Video Ready", "rejected", "ana")
    (clip,) = [sha for (sha,) in studio.db.execute("select sha256 from takes where kind = 'clip' and number = 1")]
    assert rejected["seen"] == [{"kind": "clip", "number": 1, "sha256": clip}]
    assert [move["event"] for move in film["moves"]] == ["queue", "retry"]
    studio.db.execute("update uploads set film_sha256 = 'another'")
    studio.db.execute("update uploads set account = ''")
    studio.db.execute("update channels set youtube_channel_id = 'UC-of-today'")
    (film,) = quick("audit", "export").json["films"]
    assert film["film"]["approved_is_published"] is False
    assert film["channel"]["youtube_channel_id"] is None, "where it went then, nobody recorded"


def test_an_export_is_about_what_was_asked_for(quick: Run, studio: Studio, published: UUID) -> None:
    studio.channel("two", scenes=1)
    other = studio.film("two", title="Other")
    studio.bring(other, Status.ASSETS_READY)
    studio.later(hours=1)
    studio.approve(other)

    def titles(*options: str) -> list[str]:
        return [film["title"] for film in quick("audit", "export", *options).json["films"]]

    assert sorted(titles()) == sorted([EVIL, "Other"])
    assert titles("--channel", "two") == titles("--video", str(other)[:8]) == ["Other"]
    assert titles("--since", studio.now.isoformat()) == ["Other"]
    assert titles("--video", "vid-1") == [EVIL]
    assert titles("--video", "vid-1", "--channel", "two") == []
    for options in (("--video", "nothing"), ("--channel", "nothing")):
        assert quick("audit", "export", *options).status == ExitCode.NO_INPUT
    unseen = str(studio.film(queue=False, title="Unseen"))
    ran = quick("audit", "export", "--video", unseen)
    assert (ran.status, ran.json["films"]) == (0, [])
    assert ran.err == f"Nothing that was asked for is recorded about {unseen}.\n"
    first = [str(studio.film(queue=False))[0] for _ in range(17)]
    twice = next(one for one in first if first.count(one) > 1)
    refused = quick("audit", "export", "--video", twice.upper())
    assert (refused.status, refused.out) == (ExitCode.BAD_DATA, "")
    assert f"several films begin with {twice.upper()}" in refused.err


def test_an_ending_that_no_document_has_is_refused(quick: Run, tmp_path: Path) -> None:
    ran = quick("audit", "export", "--output", str(tmp_path / "evidence.pdf"))
    assert ran.status == ExitCode.BAD_DATA
    assert "a browser prints that to PDF" in ran.err
    assert not list(tmp_path.glob("evidence.*"))


def test_the_page_needs_nothing_from_elsewhere_and_runs_nothing(
    quick: Run, studio: Studio, published: UUID, tmp_path: Path
) -> None:
    file = tmp_path / "evidence.html"
    assert quick("audit", "export", "--output", str(file)).out == ""
    page = Page(file.read_text("utf-8"))
    assert EVIL in page.words
    assert not {"script", "link", "iframe", "object"} & set(page.tags)
    assert page.handlers == []
    assert all(
        address.startswith(("data:image/jpeg;base64,", "https://www.youtube.com/", "#")) for address in page.addresses
    )
    assert page.tags.count("img") == 1
    assert "The record is whole" in page.words
    assert "byte for byte" in page.words
    assert "What was published: " in page.words
    assert "Ana Lima" in page.words
    studio.folder(published).path("thumbnail.jpg").write_bytes(b"\xff\xd8\xff another picture")
    studio.db.execute("update tasks set youtube_url = 'javascript:alert(1)'")
    studio.db.execute("update uploads set video_id = null")
    studio.db.execute("set session_replication_role = replica")
    studio.db.execute("update review_audit set video_id = null where action = 'published'")
    ran = quick("audit", "export", "--format", "html")
    page = Page(ran.out)
    assert ran.status == ExitCode.BAD_DATA
    assert page.tags.count("img") == 0, "it is not the one that was recorded"
    assert "tampered with" in page.words
    assert all(address.startswith("#") for address in page.addresses)


def test_the_sheet_has_a_row_for_each_decision_and_no_formula(
    quick: Run, studio: Studio, published: UUID, tmp_path: Path
) -> None:
    def rows_of(file: Path) -> list[dict[str, str]]:
        quick("audit", "export", "--output", str(file))
        return list(csv.DictReader(io.StringIO(file.read_text("utf-8"), newline="")))

    rows = rows_of(tmp_path / "evidence.csv")
    assert [row["decision"] for row in rows] == [
        "approved",
        "rejected",
        "approved",
        "approved",
        "approved",
        "published",
    ]
    assert rows[1]["notes"] == '\'=HYPERLINK("https://evil.example")'
    assert {row["approved_is_published"] for row in rows} == {"yes"}
    assert {row["record"] for row in rows} == {"whole"}
    studio.db.execute("set session_replication_role = replica")
    studio.db.execute("delete from review_audit")
    (row,) = rows_of(tmp_path / "again.csv")
    assert (row["video_id"], row["decision"], row["hash"], row["record"]) == ("vid-1", "", "", "tampered with")


def test_an_export_is_exact_in_a_pipe_and_no_title_of_it_is_obeyed_by_a_terminal(
    vidctl: Run, terminal: Run, studio: Studio
) -> None:
    title = "Salt \x1b]0;owned\x07 \u009b2J – ☃"
    task_id = studio.film(title=title)
    publish(studio, task_id, "f" * 64)
    piped = vidctl("audit", "export", "--format", "csv", LC_ALL="C", PYTHONUTF8="0", PYTHONIOENCODING="ascii")
    assert title in piped.out
    assert piped.out.endswith("\r\n")
    shown = terminal("audit", "export", PYTHONIOENCODING="utf-8").out
    assert not {"\x1b", "\x07", "\u009b"} & set(shown)
    assert json.loads(shown)["films"][0]["title"] == title


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=12))
def test_no_cell_begins_like_a_formula_and_no_text_is_markup(text: str) -> None:
    assert harmless(text).lstrip(" \u00a0")[:1] not in set("=+-@\t\r\n")
    assert harmless(text).endswith(text)
    page = Page(el("p", text, title=text))
    assert page.tags == ["p"]


def test_ages_are_of_the_calendar() -> None:
    leap = datetime(2028, 2, 29, 12, tzinfo=UTC)
    assert ago("2y", leap) == datetime(2026, 2, 28, 12, tzinfo=UTC)
    assert ago("3m", leap) == datetime(2027, 11, 29, 12, tzinfo=UTC)
    assert ago("29d", leap) == datetime(2028, 1, 31, 12, tzinfo=UTC)
    for nonsense in ("", "2", "y", "-1y", "9999y", "1.5y", "²y"):
        with pytest.raises(BadInput):
            ago(nonsense, leap)
