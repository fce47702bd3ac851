"""`vidctl explain`: what happened to a film really is what it says."""

from collections.abc import Callable
from datetime import UTC, datetime

from tests.place import Ran
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.store import ticks

Run = Callable[..., Ran]


def test_it_follows_a_film_from_its_draft_to_a_gate_an_error_and_a_channel_that_rests(
    studio: Studio, quick: Run
) -> None:
    film = studio.film(queue=False, title="Salt\x1b[31m")
    short = str(film)[:4]

    def said() -> str:
        ran = quick("explain", short)
        assert (ran.status, ran.err, len(ran.out.splitlines())) == (0, "", 2)
        return ran.out

    assert said().endswith(f"vidctl queue {short}.\n"), "it has no card"
    studio.db.execute("update tasks set notion_page_id = gen_random_uuid()")
    assert said().endswith("or by Queued on its card.\n")
    studio.db.execute("update tasks set notion_page_id = null")
    assert quick("queue", short).status == 0
    assert "vidctl doctor says why" in said()  # no tick has run
    ticks.record(studio.db, host="attic:7", began=datetime.now(UTC), ended=datetime.now(UTC), dispatched=0)
    assert "The next tick takes it up with step plan" in said()
    studio.advance(film, Status.ASSETS_READY)
    assert f"vidctl review approve {short}" in said()
    studio.reject(film, "image 2: no hat")
    assert "ana sent it back" in said()
    assert "image 2: no hat" in said()
    studio.retry(film)
    studio.faults({"script": "generate_asset.py", "fault": "error", "error": {"error_class": "permanent"}})
    studio.step(film)
    data = quick("explain", short, "--json").json
    assert (data["status"], data["actor"], data["commands"]) == ("Asset Error", "person", [f"vidctl retry {short}"])
    assert "Step assets failed" in data["why"]
    studio.retry(film)
    (studio.configs / "one.yaml").rename(studio.configs / "two.txt")
    quick("tick")
    assert "one.yaml is gone" in said()
    assert quick("explain", "no-such").status == 65


def test_a_step_by_hand_says_what_came_of_it_and_why_a_film_got_no_further(studio: Studio, quick: Run) -> None:
    film = studio.film(title="Salt")
    ends = [{"error_class": kind, "message": f"it is {kind}"} for kind in ("transient", "permanent")]
    studio.faults(*({"script": "generate_story.py", "fault": "error", "error": error} for error in ends))

    def step() -> str:
        ran = quick("run-step", str(film))
        assert ran.status == 0
        return ran.out.strip()

    assert step().startswith("Salt: Queued → Claimed. It waits until ")
    studio.retry(film)
    assert step().startswith("Salt: Claimed → Asset Error. Step plan failed ")
    studio.retry(film)
    studio.step(film)
    assert step() == "Salt: Generating Assets → Assets Ready"
    assert step().startswith("Salt: still Assets Ready. It has waited for a person's word")
    studio.approve(film)
    for host in ("attic:7", "barn:8"):
        ticks.record(studio.db, host=host, began=datetime.now(UTC), ended=datetime.now(UTC), dispatched=0)
    studio.db.execute("update tasks set kept_by = 'attic'")
    assert "only on attic, which has files of it that are nowhere else" in step()
