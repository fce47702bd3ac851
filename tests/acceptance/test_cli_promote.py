"""Promoting from the command line: what will be bought is said before it is."""

from collections.abc import Callable

from tests.place import Ran
from tests.studio import Studio
from vidctl.domain.status import Status
from vidctl.errors import ExitCode

Run = Callable[..., Ran]


def test_a_dry_run_names_the_price_and_the_real_one_moves_the_film(quick: Run, studio: Studio) -> None:
    studio.channel(mode="preview", budget={"film_usd": 1})
    task_id = studio.film(title="Crows")
    studio.bring(task_id, Status.VIDEO_READY)
    said = quick("promote", str(task_id)[:8], "--dry-run")
    assert said.status == 0
    assert said.out.startswith("would be: Crows: Video Ready → Generating Assets, with the next tick. Bought anew")
    assert "about $1.4" in said.out
    assert "It does not fit into the film's budget (budget.film_usd in one.yaml)." in said.out
    assert studio.task(task_id).status is Status.VIDEO_READY
    assert quick("promote", str(task_id)[:8], "--json").json["status"] == "Generating Assets"
    assert quick("promote", str(task_id)[:8]).status == ExitCode.BAD_DATA


def test_a_film_is_added_in_a_mode_of_its_own(quick: Run, studio: Studio) -> None:
    added = quick("add", "one", "--title", "Crows", "--topic", "Birds", "--mode", "preview", "--json").json
    assert studio.db.execute("select mode from tasks where id = %s", (added["id"],)).fetchone() == ("preview",)
    assert quick("add", "one", "--title", "C", "--topic", "B", "--mode", "free").status == ExitCode.USAGE
