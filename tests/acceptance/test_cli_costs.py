"""What films cost, what the rest of one will, and what became of orders whose answers were lost."""

from collections.abc import Callable
from uuid import UUID

import pytest

from tests.place import Ran
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.errors import ExitCode

Run = Callable[..., Ran]
CLIP = "generate_video.py"
LOST = {"fault": "error", "error": {"error_class": "transient", "in_doubt": True, "message": "cut"}}


@pytest.fixture
def film(studio: Studio) -> UUID:
    """A film with two clips of 42 cents each, and a third whose order is in doubt."""
    studio.limit(items_per_step=1)
    studio.channel(scenes=3)
    task_id = studio.film(title="Crows")
    studio.bring(task_id, Status.COMPOSITES_READY)
    order = {"script": CLIP, "fault": "order"}
    studio.faults({**order, "lost": LOST}, {**order, "times": 99})
    studio.step(task_id)
    studio.wait(studio.task(task_id))
    studio.step(task_id)
    return task_id


def test_costs_are_put_together_by_what_was_bought(quick: Run, film: UUID) -> None:
    head, row = quick("costs").out.splitlines()
    assert head.split("\t") == ["component", "charges", "films", "cost", "share", "by list price"]
    assert row.split("\t") == ["test", "2", "1", "$0.84", "100%", "$0.00"]


@pytest.mark.parametrize("by", ["component", "channel", "week", "month", "film"])
def test_a_script_gets_one_object_with_all_totals(quick: Run, film: UUID, by: str) -> None:
    said = quick("costs", "--by", by, "--json").json
    assert (said["usd"], said["this_week_usd"], said["this_month_usd"], said["last_week_usd"]) == (0.84, 0.84, 0.84, 0)
    assert (said["in_doubt"], said["in_doubt_usd"], said["finished_films"]) == (1, 0.42, 0)
    [group] = said["groups"]
    assert (group["charges"], group["usd"]) == (2, 0.84)


def test_only_one_channel_and_only_from_then_on(quick: Run, studio: Studio, film: UUID) -> None:
    studio.channel("two")
    assert quick("costs", "--channel", "two", "--json").json["usd"] == 0
    assert quick("costs", "--since", "30d", "--json").json["usd"] == 0.84
    assert quick("costs", "--since", "2099-01-01").out == ""
    assert quick("costs", "--channel", "nobody").status == ExitCode.NO_INPUT
    assert quick("costs", "--since", "soon").status == ExitCode.BAD_DATA
    assert quick("costs", "--since", "99999999999d").status == ExitCode.BAD_DATA
    assert quick("costs", "--by", "weather").status == ExitCode.USAGE


def test_on_a_terminal_the_sum_comes_first(terminal: Run, film: UUID) -> None:
    shown = " ".join(terminal("costs").out.split())
    assert "Spent: $0.84 in all." in shown
    assert "$0.42 may have been charged: the answers to 1 order were lost; see: vidctl settle" in shown


def test_an_order_in_doubt_is_listed_and_its_film_waits(quick: Run, studio: Studio, film: UUID) -> None:
    assert studio.task(film).status is Status.VIDEO_ERROR
    head, row = quick("settle").out.splitlines()
    assert head.split("\t")[:5] == ["order", "film", "title", "item", "service"]
    number, short, title, item, *_, price, waits = row.split("\t")
    assert (short, title, item, price) == (str(film)[:8], "Crows", "clip 1", "$0.42")
    assert waits == "its film waits for your word"
    assert f"vidctl settle {number} --job ID" in quick("status", str(film)[:8]).out
    [item] = quick("inbox", "--json").json["items"]
    words = ("--job ID", "--not-bought", "--bought")
    assert item["commands"] == [*(f"vidctl settle {number} {word}" for word in words), f"vidctl retry {str(film)[:4]}"]
    studio.db.execute("update orders set subject = 'an earlier prompt' where state = 'in doubt'")
    assert "\tof an earlier prompt; only the books want to know" in quick("settle").out
    assert quick("settle", "--json").json["orders"][0]["film_waits"] is False
    assert quick("inbox", "--json").json["items"][0]["commands"] == [f"vidctl retry {str(film)[:4]}"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--job", "job-9"], "Crows: clip 1 is fetched as job job-9. Now: vidctl retry"),
        (["--bought"], "Crows: clip 1 was bought: $0.42 is booked, and it may be bought again. Now: vidctl retry"),
        (["--not-bought"], "Crows: clip 1 was not bought: it may be bought now. Now: vidctl retry"),
    ],
)
def test_what_a_person_says_is_done_once(quick: Run, film: UUID, words: list[str], says: str) -> None:
    number = str(quick("settle", "--json").json["orders"][0]["order"])
    said = quick("settle", number, *words)
    assert (said.status, said.out.startswith(says)) == (0, True), said
    again = quick("settle", number, *words)
    assert (again.status, again.err) == (
        ExitCode.NO_INPUT,
        f"error: no order {number} is in doubt\nhint: see: vidctl settle\n",
    )


@pytest.mark.parametrize("words", [["--bought"], ["1"], ["1", "--bought", "--not-bought"], ["1", "--job", ""]])
def test_half_a_word_about_an_order_is_refused(quick: Run, film: UUID, words: list[str]) -> None:
    assert quick("settle", *words).status == ExitCode.USAGE


def test_an_estimate_says_what_each_step_buys_and_whether_the_budget_has_room(quick: Run, studio: Studio) -> None:
    studio.channel(scenes=18, story={"assets": 22, "scenes": 18}, budget={"film_usd": 5}, scripts={})
    task_id = studio.film(title="Crows", queue=False)
    said = quick("estimate", str(task_id)[:8], "--json").json
    parts = {part["step"]: (part["items"], round(part["usd"], 2)) for part in said["parts"]}
    assert parts["assets"] == (22, 0.74)
    assert parts["clips"] == (18, 7.56)
    assert parts["sfx"] == (18, 0.72)
    assert 8 < said["usd"] < 10
    shown = quick("estimate", str(task_id)[:8]).out
    assert "clips\t18\tkling/v2-5-turbo-image-to-video-pro\t10 s\t$7.56" in shown
    assert "It does not fit into the film's budget: $5.00 of $5.00 is left (budget.film_usd in one.yaml)." in shown


def test_an_estimate_of_a_free_film_is_nothing(quick: Run, studio: Studio) -> None:
    studio.channel(mode="preview")
    task_id = studio.film(title="Crows", queue=False)
    assert quick("estimate", str(task_id)[:8]).out == "Crows: nothing; it is made on this machine (mode: preview).\n"


def test_an_estimate_counts_only_what_is_missing(quick: Run, film: UUID) -> None:
    said = quick("estimate", str(film)[:8], "--json").json
    parts = {part["step"]: part["items"] for part in said["parts"]}
    assert parts == {"clips": 1, "narration": 3, "sfx": 3}
    assert said["spent_usd"] == 1.26, "what was charged, and what is in doubt"


def test_a_model_without_a_price_is_said_to_be_unknown(quick: Run, studio: Studio) -> None:
    studio.channel(models={"video": "kling/v9"})
    task_id = studio.film(title="Crows", queue=False)
    assert "no price is known for kling/v9" in quick("estimate", str(task_id)[:8]).out
