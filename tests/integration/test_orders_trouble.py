"""What could go wrong with orders, one odd way each: nothing is bought twice, lost, or left out of the books."""

import json
import os
import threading
import time
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any, LiteralString
from uuid import UUID, uuid4

import psycopg
import pytest
from psycopg.pq import TransactionStatus

from tests.integration.test_budgets import claimed
from tests.integration.test_orders import BOUGHT, CLIP, IMAGE, LOST, at_clips, doubted, kill_while, sold, states
from tests.ledger import heard, number_by_time
from tests.processes import until
from tests.studio import Studio
from vidctl.contract import GO, Basis, Cost, Ordering, Submitted, to_line
from vidctl.domain.budget import standing
from vidctl.domain.limits import Limits
from vidctl.domain.status import Status
from vidctl.domain.work import Artifact, Kind
from vidctl.engine import backlog, decide, settle
from vidctl.engine.ear import Ear
from vidctl.engine.edit import edit_storyboard
from vidctl.engine.purchases import Purchase
from vidctl.engine.quotas import Meter
from vidctl.engine.run_step import run_step
from vidctl.engine.tick import rooms
from vidctl.engine.verdict import is_a_dead_job
from vidctl.errors import Unavailable, VidctlError
from vidctl.store import locks, orders, picks, services, spending
from vidctl.store.connection import connect

TRANSIENT = {"fault": "error", "error": {"error_class": "transient", "message": "later"}}
PERMANENT = {"fault": "error", "error": {"error_class": "permanent", "error_type": "Refused", "message": "never"}}

OWN = """
import json, os, sys, time
from pathlib import Path
HERE = Path(__file__).parent
NAME = Path(__file__).name
OPT = dict(w[2:].split("=", 1) for w in sys.argv[1:] if w.startswith("--"))
def say(**m): print(json.dumps(m), flush=True)
def let(**more):
    say(event="ordering", component="test", cost_usd=0.42, **more)
    return sys.stdin.readline().strip() == "go"
def sold():
    job = f"job-{os.getpid()}-{time.time_ns()}"
    with (HERE / "ledger.jsonl").open("a") as f:
        f.write(json.dumps({"script": NAME, "options": OPT, "event": "sold", "job": job}) + "\\n")
    return job
def done():
    import hashlib
    data = json.dumps(sorted((k, v) for k, v in OPT.items() if k not in ("output", "resume-job"))).encode()
    Path(OPT["output"]).write_bytes(data)
    say(event="result", path=OPT["output"], sha256=hashlib.sha256(data).hexdigest())
def fail(cls="transient", **more):
    usual = {"event": "error", "error_type": "Fault", "class": cls, "scope": "item", "message": "a fault", "hint": "h"}
    say(**(usual | more))
    sys.exit({"transient": 75, "permanent": 65, "quota": 69}[cls])
"""


def own(studio: Studio, body: str, name: str = CLIP) -> None:
    (studio.scripts / name).write_text(OWN + body)


def wait_and_step(studio: Studio, task_id: UUID) -> None:
    studio.wait(studio.task(task_id))
    studio.step(task_id)


def booked(studio: Studio) -> tuple[Any, ...]:
    row = studio.db.execute("select coalesce(sum(cost_usd), 0), count(*) from video_costs").fetchone()
    assert row is not None
    return tuple(row)


def picked(studio: Studio) -> set[Any]:
    files = studio.files()
    stops = standing(files.channels, files.limits, now=studio.now)
    return {pick.id for pick in picks.pick(studio.db, rooms(files.limits), now=studio.now, stops=stops)}


# bought twice


def in_doubt_with_balance(studio: Studio, *, after: str, minutes: float) -> tuple[UUID, Any]:
    """One clip whose order was taken and whose answer is lost; the balance was 10 before."""
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    studio.faults({**BOUGHT, "balance": 10, "lost": LOST, "times": 1}, BOUGHT)
    studio.step(task_id)
    order = doubted(studio)
    orders.saw_balance(studio.db, order.id, heard(Decimal(after), order.asked_at + timedelta(minutes=minutes)))
    number_by_time(studio.db)
    return task_id, orders.get(studio.db, order.id)


def other(
    studio: Studio, task_id: UUID, like: Any, index: int, state: str, asked: Any, settled: Any = None, **has: Any
) -> None:
    whole = {
        "task_id": task_id, "channel_id": like.channel_id, "kind": "clip", "index": index, "step": "clips",
        "service": like.service, "subject": f"x{index}", "state": state, "by_job": True,
        "reserved_usd": Decimal("0.42"),
        "asked_at": asked, "answered_at": asked, "settled_at": settled, "job_id": f"j{index}", **has,
    }  # fmt: skip
    names = ", ".join(whole)
    studio.db.execute(f"insert into orders ({names}) values ({', '.join(f'%({n})s' for n in whole)})", whole)
    number_by_time(studio.db)


def charges_were_seen(studio: Studio, task_id: UUID, like: Any) -> None:
    long_ago = like.asked_at - timedelta(days=1)
    for index in (91, 92, 93):
        other(
            studio,
            task_id,
            like,
            index,
            "made",
            long_ago,
            long_ago,
            before_usd=2,
            after_usd=Decimal("1.58"),
            charged_usd=Decimal("0.42"),
        )


def test_a_refund_that_nobody_has_heard_of_is_no_proof_that_an_order_was_not_taken(studio: Studio) -> None:
    """D was charged 0.42; job Y, ordered before, failed at the provider and its 0.42 came back: Y's film waits."""
    task_id, order = in_doubt_with_balance(studio, after="10", minutes=30)
    waiting = studio.film()
    charges_were_seen(studio, waiting, order)
    other(studio, waiting, order, 7, "bought", order.asked_at - timedelta(minutes=3))
    wait_and_step(studio, task_id)
    assert len(sold(studio)) == 1, "bought a second time on the balance's word"


def test_another_order_that_was_answered_in_the_moment_of_the_look_is_no_proof(studio: Studio) -> None:
    """The balance was read (D charged), then X was taken and answered, then the balance was heard."""
    task_id, order = in_doubt_with_balance(studio, after="9.58", minutes=1)
    other(studio, studio.film(), order, 7, "bought", order.asked_at + timedelta(seconds=59.9))
    wait_and_step(studio, task_id)
    assert len(sold(studio)) == 1, "bought a second time on the balance's word"


def test_where_jobs_are_charged_when_they_end_one_that_ended_is_no_proof_for_one_that_began(studio: Studio) -> None:
    """Y was ordered before and charged at its end; X was ordered since. Nobody saw charges at once."""
    task_id, order = in_doubt_with_balance(studio, after="9.58", minutes=5)
    film, at = studio.film(), order.asked_at
    other(
        studio,
        film,
        order,
        6,
        "made",
        at - timedelta(minutes=3),
        at + timedelta(minutes=2),
        charged_usd=Decimal("0.42"),
    )
    other(studio, film, order, 7, "bought", at + timedelta(minutes=1))
    wait_and_step(studio, task_id)
    assert len(sold(studio)) == 1, "bought a second time on the balance's word"


def test_a_program_that_knows_no_resume_job_is_not_let_order_again(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    own(studio, "if not let(): fail(error_type='NotLet')\nsay(event='submitted', job_id=sold())\nfail()")
    for _ in range(3):
        wait_and_step(studio, task_id)
    assert len(sold(studio)) == 1, f"{len(sold(studio))} jobs bought for one clip: {states(studio)}"


def test_an_order_in_doubt_without_an_ordering_is_not_sent_again(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    own(studio, "sold()\nfail(in_doubt=True)")
    for _ in range(3):
        wait_and_step(studio, task_id)
    assert len(sold(studio)) == 1


def test_a_prompt_that_was_refused_for_good_and_charged_is_not_ordered_again_because_a_sibling_met_a_quota(
    studio: Studio,
) -> None:
    studio.limit(items_per_step=1)
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    own(
        studio,
        """
if "bird 2" in OPT["prompt"]:
    let(by_job=False); sold(); say(event="cost", component="test", units=1, cost_usd=0.03)
    fail("permanent", error_type="ImageSafety")
if "bird 3" in OPT["prompt"]: fail("quota", error_type="QuotaDay", scope="service", retry_after_s=60)
done()""",
        IMAGE,
    )
    for _ in range(4):
        for pause in services.paused(studio.db, now=studio.now):
            studio.now = max(studio.now, pause.paused_until)
        wait_and_step(studio, task_id)
    assert len(sold(studio, IMAGE)) == 1, f"bought {len(sold(studio, IMAGE))} times: {studio.task(task_id).status}"


def test_an_orderly_stop_waits_for_the_answer_to_an_order_that_cannot_be_fetched_later(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    image = {"script": IMAGE, "fault": "order", "by_job": False, "price": 0.03, "times": 99}
    studio.faults({**image, "lost": {"fault": "sleep", "seconds": 1}})
    studio.step(task_id, stopping=lambda: bool(sold(studio, IMAGE)))
    studio.bring(task_id, Status.ASSETS_READY)
    assert len(sold(studio, IMAGE)) == 3, f"{states(studio)}"


def test_an_orderly_stop_waits_for_what_only_the_program_has_also_when_its_charge_is_said(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    charged = "let(by_job=False)\nsay(event='cost', component='test', units=1, cost_usd=0.03)"
    own(studio, f"{charged}\nsold()\ntime.sleep(0.4)\ndone()", IMAGE)
    studio.step(task_id, stopping=lambda: bool(sold(studio, IMAGE)))
    studio.advance(task_id, Status.ASSETS_READY)
    assert (len(sold(studio, IMAGE)), set(states(studio))) == (3, {"made"})


# lost although it could be fetched


def test_what_becomes_of_one_prompts_job_says_nothing_of_another_prompts_job(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    path = studio.folder(task_id).path("storyboard.json")
    first = path.read_bytes()

    def edit(data: bytes) -> None:
        if studio.task(task_id).status is not Status.VIDEO_ERROR:
            decide.hold(studio.db, studio.task(task_id), actor="ana", now=studio.now)
        edit_storyboard(studio.db, studio.task(task_id), data, studio.author)
        if studio.task(task_id).status is Status.DRAFT:
            decide.queue(studio.db, studio.task(task_id), actor="ana", now=studio.now)

    over = {"fault": "error", "error": {"error_class": "permanent", "job_over": True, "message": "policy"}}
    studio.faults({**BOUGHT, "then": TRANSIENT, "times": 1}, {**BOUGHT, "then": over, "times": 1}, BOUGHT)
    studio.step(task_id)
    edit(first.replace(b"push in 1", b"pull out 1"))
    for _ in range(6):
        if studio.task(task_id).status is Status.VIDEO_ERROR:
            break
        wait_and_step(studio, task_id)
    edit(first)
    studio.bring(task_id, Status.VIDEO_READY)
    assert len(sold(studio)) == 2, "the first job was there to be fetched, and its clip was bought again"


def test_a_job_that_is_bought_is_fetched_while_a_budget_is_used_up(studio: Studio) -> None:
    studio.channel(budget={"month_usd": 0.9}, story={"assets": 1, "scenes": 1})
    films = [studio.film() for _ in range(3)]
    for task_id in films:
        studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults({**BOUGHT, "then": TRANSIENT, "times": 1}, BOUGHT)
    for task_id in films:
        studio.step(task_id)
    assert "is used up" in studio.task(films[2]).error_log
    studio.wait(studio.task(films[0]))
    assert films[0] in picked(studio), "its job is deleted by the provider after 14 days"


def test_a_job_that_another_order_has_is_refused_as_the_one_that_was_found(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults({**BOUGHT, "lost": LOST, "times": 1}, BOUGHT)
    studio.step(task_id)
    _, second, _ = sold(studio)
    with pytest.raises(VidctlError):
        settle.found(studio.db, doubted(studio), second, actor="ana", now=studio.now)


def test_a_job_that_this_key_cannot_see_is_not_given_up(studio: Studio) -> None:
    """KIE_API_KEY of another account: its own hint says so; 18 running jobs would be given up, and bought again."""
    from vidctl.providers.kie import waiting

    assert not is_a_dead_job(waiting._unknown("281e5b0f39b9", "code 422, recordInfo is null").failure)


def test_a_second_ordering_does_not_give_up_the_job_that_the_first_one_bought(studio: Studio) -> None:
    studio.channel(budget={"film_usd": 0.5}, story={"assets": 1, "scenes": 1})
    task_id = at_clips(studio)
    own(studio, "let()\nsay(event='submitted', job_id=sold())\nlet() or fail(error_type='NotLet')")
    studio.step(task_id)
    assert states(studio) == ["bought"], "its job is known, running and paid"


# the books


class Cut:
    """A connection that breaks after the server has committed a charge, before it could say so."""

    def __init__(self, db: Any, at: str) -> None:
        self._db, self._at = db, at

    def __getattr__(self, name: str) -> Any:
        return getattr(self._db, name)

    def execute(self, query: Any, *args: Any) -> Any:
        answer = self._db.execute(query, *args)
        if self._at in str(query):
            raise psycopg.OperationalError("server closed the connection unexpectedly")
        return answer


def ear_on(studio: Studio, db: Any, task_id: UUID, order: int | None) -> Ear:
    def clock() -> datetime:
        return datetime.now(UTC)

    files, task = studio.files(), studio.task(task_id)
    bought = Purchase(
        *(db, task.seen, files.channels[0], Artifact(Kind.CLIP), "subject", "clips", "kie", "here"),
        caps=list, may_order=lambda: True, clock=clock, current=order,
    )  # fmt: skip
    staging = studio.folder(task_id).staging(task.version)
    staging.open()
    return Ear(db, staging, {}, clock, bought, Meter(db, {}, Limits()))


def test_a_charge_whose_commit_was_not_heard_of_is_booked_once(studio: Studio) -> None:
    task_id = studio.film()
    ear = ear_on(studio, Cut(studio.db, "insert into video_costs"), task_id, None)
    ear.hear(to_line(Cost("kling_video", Decimal(1), Decimal("0.42"), Basis.PROVIDER)))
    backlog.book(studio.db, studio.task(task_id).seen, ear.staging)
    assert booked(studio) == (Decimal("0.42"), 1)


def test_what_was_put_off_and_booked_is_not_booked_again_under_an_images_new_number(studio: Studio) -> None:
    task_id = studio.film()
    studio.bring(task_id, Status.ASSETS_READY)
    row = studio.db.execute(
        """insert into orders (task_id, channel_id, kind, index, step, service, subject, state, by_job, asked_at)
           values (%s, 'one', 'image', 1, 'assets', 'gemini', 'x', 'asked', false, now()) returning id""",
        (task_id,),
    ).fetchone()
    assert row is not None
    ear = ear_on(studio, studio.db, task_id, row[0])
    ear.purchase.artifact = Artifact(Kind.IMAGE, 1)
    backlog.keep(ear.staging, ear.purchase, Cost("gemini_assets", Decimal(1), Decimal("0.03")), at=studio.now)
    kept = ear.staging.put_off_file.read_text()
    backlog.book(studio.db, studio.task(task_id).seen, ear.staging)
    board = json.loads(studio.folder(task_id).path("storyboard.json").read_text())
    board["assets"].reverse()
    new = json.dumps(board).encode()
    edit_storyboard(studio.db, studio.task(task_id), new, studio.author)
    ear.staging.open()
    ear.staging.put_off_file.write_text(kept)  # as if it was killed before it could forget them
    backlog.book(studio.db, studio.task(task_id).seen, ear.staging)
    assert booked(studio) == (Decimal("0.03"), 1)
    ear.staging.put_off(json.dumps({**json.loads(kept), "id": str(uuid4())}))  # another word about the same order
    backlog.book(studio.db, studio.task(task_id).seen, ear.staging)
    assert studio.db.execute("select index from video_costs").fetchall() == [(3,), (3,)], "its order knows the number"


def test_two_equal_charges_that_were_put_off_in_one_moment_are_two(studio: Studio) -> None:
    task_id = studio.film()
    ear = ear_on(studio, studio.db, task_id, None)
    for _ in range(2):
        backlog.keep(ear.staging, ear.purchase, Cost("kling_video", Decimal(1), Decimal("0.42")), at=studio.now)
    backlog.book(studio.db, studio.task(task_id).seen, ear.staging)
    assert booked(studio) == (Decimal("0.84"), 2)


@pytest.mark.parametrize("earlier_s", [-60, 0, 1])
def test_a_charge_that_was_put_off_is_not_booked_where_the_same_job_was_fetched_and_charged_elsewhere(
    studio: Studio, earlier_s: int
) -> None:
    """One host lost the database and kept a note; another resumed the job, or a person read the bill."""
    task_id = claimed(studio)
    ear = ear_on(studio, studio.db, task_id, None)
    assert ear.hear(ORDERING) == GO
    if earlier_s >= 0:  # by a host that the same job answered a moment before
        assert ear.purchase.current is not None
        orders.bought(studio.db, ear.purchase.current, job_id="job-1", now=studio.now)
    cost = Cost("kling_video", Decimal(1), Decimal("0.42"))
    backlog.keep(ear.staging, ear.purchase, cost, at=studio.now)
    ear.purchase.charged(cost, at=studio.now - timedelta(seconds=earlier_s))
    backlog.book(studio.db, studio.task(task_id).seen, ear.staging)
    assert booked(studio) == (Decimal("0.42"), 1)


def test_a_charge_that_a_person_booked_is_not_booked_again_by_the_word_that_was_put_off(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    studio.faults({**BOUGHT, "lost": LOST, "times": 1}, BOUGHT)
    studio.step(task_id)
    ear = ear_on(studio, studio.db, task_id, doubted(studio).id)  # on a host whose database was away
    backlog.keep(ear.staging, ear.purchase, Cost("kling_video", Decimal(1), Decimal("0.42")), at=studio.now)
    settle.was_bought(studio.db, doubted(studio), actor="ana", now=studio.now)
    backlog.book(studio.db, studio.task(task_id).seen, ear.staging)
    assert booked(studio) == (Decimal("0.42"), 1)


def test_a_note_of_an_earlier_version_is_booked_once_too(studio: Studio) -> None:
    task_id = studio.film()
    ear = ear_on(studio, studio.db, task_id, None)
    backlog.keep(ear.staging, ear.purchase, Cost("kling_video", Decimal(1), Decimal("0.42")), at=studio.now)
    [line] = ear.staging.put_off_lines()
    old = json.dumps({name: value for name, value in json.loads(line).items() if name != "id"})
    for _ in range(2):
        ear.staging.put_off_file.write_text(f"{old}\n")
        backlog.book(studio.db, studio.task(task_id).seen, ear.staging)
    assert booked(studio) == (Decimal("0.42"), 1)


def test_an_order_whose_program_never_says_what_it_was_charged_counts_as_its_price(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, budget={"day_usd": 0.5})
    own(studio, "let() or fail(error_type='NotLet')\nsay(event='submitted', job_id=sold())\ndone()")
    studio.step(task_id)
    spent = spending.spent(studio.db, since=None, task_id=task_id)
    assert (len(sold(studio)), spent) == (1, Decimal("0.42")), "a budget of $0.50"


# budgets


def test_a_pause_of_a_budget_ends_when_there_is_room_again(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, budget={"total_usd": 0.9})
    studio.faults({**BOUGHT, "lost": LOST, "times": 1}, BOUGHT)
    studio.step(task_id)
    order = doubted(studio)
    second = studio.film()
    studio.bring(second, Status.COMPOSITES_READY)
    studio.step(second)
    assert services.paused(studio.db, now=studio.now)
    settle.was_not_bought(studio.db, order, actor="ana", now=studio.now)
    assert spending.spent(studio.db, since=None, channel="one") + Decimal("0.42") <= Decimal("0.9")
    assert second in picked(studio), f"until {services.paused(studio.db, now=studio.now)[0].paused_until}"


def test_a_channels_own_program_uses_up_nobody_elses_budget_of_a_service(studio: Studio) -> None:
    studio.limit(services={"kie": {"at_once": 9, "a_minute": 9000, "day_usd": 0.5}}, items_per_step=1)  # type: ignore[arg-type]
    studio.channel("two")
    task_id = at_clips(studio)
    paid = studio.film("two")
    studio.bring(paid, Status.COMPOSITES_READY)
    studio.faults(BOUGHT)
    studio.step(task_id)
    assert spending.spent(studio.db, since=None, service="kie") == 0
    assert paid in picked(studio)


def test_a_budget_holds_for_programs_that_only_say_what_they_were_charged(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, budget={"day_usd": 0.5})
    studio.faults({"script": CLIP, "fault": "sell", "times": 99})
    studio.step(task_id)
    assert booked(studio)[0] <= Decimal("0.84"), "nothing more is begun once the budget is used up"


def test_a_film_over_its_own_budget_says_so_once(studio: Studio) -> None:
    studio.channel(budget={"film_usd": 0.5})
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults(BOUGHT)
    for _ in range(4):
        wait_and_step(studio, task_id)
        studio.db.execute("update alerts set delivered_at = now()")
    row = studio.db.execute("select count(*) from alerts where message like '%is used up%'").fetchone()
    assert (row, studio.task(task_id).error_log.count("is used up")) == ((1,), 1)


def test_a_used_up_budget_holds_while_the_channels_file_is_broken(studio: Studio) -> None:
    studio.channel(budget={"day_usd": 0.5})
    task_id = studio.film()
    studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults(BOUGHT)
    studio.step(task_id)
    (studio.configs / "one.yaml").write_text("channel_id: one\nno_such_field: 1\n")
    before = studio.task(task_id).error_log.count("is used up")
    for _ in range(3):
        studio.later(minutes=1)
        for each in picked(studio):
            studio.step(each)
    assert studio.task(task_id).error_log.count("is used up") == before, (
        "begun anew every minute, with a line each time"
    )


def test_an_estimate_names_the_budget_of_the_day_of_a_service(studio: Studio) -> None:
    from vidctl.engine import estimate

    studio.limit(services={"kie": {"at_once": 9, "a_minute": 9000, "day_usd": 0.5}})  # type: ignore[arg-type]
    studio.channel()
    task_id = studio.film()
    found = estimate.of(studio.db, studio.task(task_id), studio.files().limits, home=studio.home, now=studio.now)
    assert [room.cap.scope for room in found.too_much_for] == ["service day"]


# stuck


def test_an_order_that_was_charged_and_named_no_job_can_be_settled(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    own(studio, "let()\nsold()\nsay(event='cost', component='test', units=1, cost_usd=0.42)\ntime.sleep(30)")
    kill_while(studio, task_id, lambda: studio.db.execute("select 1 from orders where charged_usd > 0").fetchone())
    wait_and_step(studio, task_id)
    assert orders.in_doubt(studio.db), studio.task(task_id).error_log


def test_a_check_that_asks_a_paid_service_stops_its_film_and_throws_nothing_away(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    paid = {"script": "inspect_media.py", "fault": "order", "by_job": False, "price": 0.01, "times": 9}
    studio.faults(paid, BOUGHT)
    wait_and_step(studio, task_id)
    assert "inspect_media.py asks for money" in studio.task(task_id).error_log
    studio.faults()
    studio.retry(task_id)
    studio.advance(task_id, Status.VIDEO_READY)
    assert [sale["script"] for sale in studio.ledger("sold")] == ["generate_video.py"]


def test_a_failover_to_a_server_that_only_reads_loses_no_word_of_a_script(studio: Studio) -> None:
    task_id = studio.film()
    with studio.session() as db:
        ear = ear_on(studio, db, task_id, None)
        db.execute("set default_transaction_read_only = on")
        ear.hear(to_line(Submitted("job-1")))
    assert ear.staging.put_off_lines()


def test_a_films_card_says_how_to_settle_its_order(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio)
    studio.faults({**BOUGHT, "lost": LOST, "times": 2}, BOUGHT)
    studio.step(task_id)
    wait_and_step(studio, task_id)
    for order in orders.in_doubt(studio.db):
        assert f"vidctl settle {order.id}" in studio.task(task_id).error_log


def test_a_film_that_waits_for_its_channels_budget_says_so_in_the_status(studio: Studio) -> None:
    from vidctl.cli.outlook import next_move
    from vidctl.cli.status import board_of

    studio.channel(budget={"month_usd": 0.9}, story={"assets": 1, "scenes": 1})
    films = [studio.film() for _ in range(4)]
    for task_id in films:
        studio.bring(task_id, Status.COMPOSITES_READY)
    studio.faults(BOUGHT)
    for task_id in films[:3]:
        studio.step(task_id)
    assert films[3] not in picked(studio)
    board = board_of(studio.db, studio.now, studio.files(), statuses=list(Status))
    said = {film.id: next_move(board, film) for film in board.films}
    assert all("budget" in said[film] for film in films[2:4]), said


HANG_UP = """
    select pg_terminate_backend(pid) from pg_stat_activity
     where application_name = 'test step' and datname = current_database()
"""


def test_a_restart_of_the_database_does_not_kill_what_is_being_bought(studio: Studio) -> None:
    """The step that lost its connection lets its scripts end, since they are paid for; the next claim kills them."""
    studio.limit(items_per_step=1)
    task_id = studio.film()
    studio.bring(task_id, Status.GENERATING_ASSETS)
    image = {"script": IMAGE, "fault": "order", "by_job": False, "price": 0.03}
    studio.faults({**image, "lost": {"fault": "sleep", "seconds": 3}}, {**image, "times": 99})
    if (pid := os.fork()) == 0:
        with suppress(BaseException):
            studio.step(task_id)
        os._exit(0)
    until(lambda: sold(studio, IMAGE))
    studio.db.execute(HANG_UP)
    time.sleep(0.2)
    studio.step(task_id)  # the next tick, while the first step's script still waits
    os.waitpid(pid, 0)
    studio.bring(task_id, Status.ASSETS_READY)
    assert len(sold(studio, IMAGE)) == 3, states(studio)


@pytest.mark.parametrize("refused", ["fail(error_type='TooManyOrders')", "let() and sold()\nsys.exit(1)"])
def test_a_clear_refusal_that_came_while_the_database_was_away_is_no_doubt(studio: Studio, refused: str) -> None:
    """A program says so by its last word, or by asking for the next try."""
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    own(studio, f"let()\nwhile not (HERE / 'gone').exists(): time.sleep(0.02)\n{refused}")

    def hang_up() -> None:
        with connect(studio.dsn, application_name="failover") as db:
            until(lambda: db.execute("select 1 from orders where state = 'asked'").fetchone())
            db.execute(HANG_UP)
        (studio.scripts / "gone").touch()

    thread = threading.Thread(target=hang_up)
    thread.start()
    with pytest.raises(Unavailable):
        studio.step(task_id)
    thread.join()
    assert states(studio) == ["asked"]
    own(studio, "done()")
    wait_and_step(studio, task_id)
    assert (states(studio), sold(studio)) == (["refused"], [])


ORDERING = to_line(Ordering("kling_video", Decimal("0.42")))


def test_a_process_that_hangs_while_it_orders_does_not_keep_all_others_from_ordering(studio: Studio) -> None:
    """SIGSTOP, a suspended machine, a debugger: the server ends its session."""
    task_id = claimed(studio)
    ear = ear_on(studio, studio.db, task_id, None)
    with suppress(psycopg.Error), connect(studio.dsn, application_name="hangs") as hangs, hangs.transaction():
        locks.within_this_transaction(hangs, locks.MONEY)
        assert hangs.execute("show idle_in_transaction_session_timeout").fetchone() == ("5s",)
        hangs.execute("set local idle_in_transaction_session_timeout = '100ms'")  # not to wait for so long
        assert ear.hear(ORDERING) == GO
    assert states(studio) == ["asked"]


@pytest.mark.parametrize(
    "trouble",
    [
        "set local idle_in_transaction_session_timeout = '20ms'",
        "set transaction read only; set session characteristics as transaction read only",
    ],
)
def test_a_step_whose_session_ends_while_it_orders_has_ordered_nothing_and_goes_on_with_the_next_tick(
    studio: Studio, trouble: LiteralString
) -> None:
    """It hung, or its server only reads since."""
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    studio.faults(BOUGHT)
    with studio.session("test step") as db:

        def clock() -> datetime:
            mine = "select 1 from pg_locks where pid = pg_backend_pid() and classid = %s and objsubid = 2"
            inside = db.info.transaction_status == TransactionStatus.INTRANS
            if inside and db.execute(mine, (locks.MONEY.group,)).fetchone():
                db.execute(trouble)
                time.sleep(0.2)
            return studio.now

        with pytest.raises(Unavailable):
            run_step(db, task_id, replace(studio.context, clock=clock))
    assert (states(studio), sold(studio)) == ([], [])
    studio.bring(task_id, Status.VIDEO_READY)
    assert states(studio) == ["made"]


def test_who_waits_to_order_for_long_sends_nothing_and_costs_its_film_no_attempt(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    studio.faults({**BOUGHT, "times": 2})
    with studio.session("busy") as busy, busy.transaction():
        busy.execute("select pg_advisory_xact_lock(%s, %s)", (locks.MONEY.group, locks.MONEY.number))
        studio.step(task_id)
    task = studio.task(task_id)
    assert (task.status, task.attempt, sold(studio)) == (Status.GENERATING_VIDEO, 0, [])


def test_a_word_said_before_the_order_says_nothing_of_it(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    own(
        studio,
        """
say(event="error", error_type="Hiccup", **{"class": "transient"}, scope="item", message="tried again", hint="")
let(); sold(); sys.exit(1)""",
    )
    studio.step(task_id)
    assert states(studio) == ["in doubt"]


def test_what_was_lost_for_good_says_so_when_somebody_names_a_job(studio: Studio) -> None:
    studio.limit(items_per_step=1)
    task_id = at_clips(studio, story={"assets": 1, "scenes": 1})
    studio.faults({**BOUGHT, "by_job": False, "lost": LOST, "times": 1})
    studio.step(task_id)
    with pytest.raises(VidctlError) as raised:
        settle.found(studio.db, doubted(studio), "job-1", actor="ana", now=studio.now)
    assert "is not in doubt any more" not in str(raised.value), "vidctl settle lists it"


@pytest.mark.chaos
def test_a_refund_of_kie_that_nobody_has_heard_of_is_no_proof_either(studio: Studio) -> None:
    from tests.services import paid_channel
    from tests.services import services as served

    with served(job_s=0.2) as paid:
        studio.told, studio.running = {**paid.environment, "KIE_POLL_S": "0.05"}, True
        studio.limit(items_per_step=1, services={"kie": {"at_once": 20, "a_minute": 6000}})  # type: ignore[arg-type]
        for channel, scenes in (("one", 3), ("two", 1), ("three", 1)):
            paid_channel(studio, channel, assets=1, scenes=scenes)
        films = [studio.film(channel) for channel in ("one", "two", "three")]
        for task_id in films:
            studio.advance(task_id, Status.COMPOSITES_READY)
        studio.advance(films[0], Status.VIDEO_READY)  # three orders whose balances show that charges are made at once
        desk = paid.kie.desk
        desk.job_s = 3_600
        studio.told["KIE_WAIT_S"] = "0.2"
        studio.step(films[1])  # its job goes on, and is looked at again in a minute
        slow = [job for job in desk.jobs.values() if not job.ended]
        assert [len(desk.jobs), len(slow)] == [4, 1]
        desk.job_s = 0.2
        studio.told["KIE_POLL_S"] = "1"
        paid.kie.fault("lost", path="createTask")

        def it_fails() -> None:
            until(lambda: len(desk.jobs) == 5)
            slow[0].fails = ("500", "internal error")

        thread = threading.Thread(target=it_fails)
        thread.start()
        studio.step(films[2])  # its order was taken, and its answer is lost
        thread.join()
        assert len(desk.jobs) == 5
        studio.told["KIE_WAIT_S"] = "20"
        studio.wait(studio.task(films[2]))
        studio.begun = time.monotonic()
        studio.step(films[2])
        assert len(desk.jobs) == 5, studio.db.execute("select state, settled_by from orders").fetchall()
