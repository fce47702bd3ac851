"""A board that is ahead of a restored database moves no film: what the old server showed there is nobody's decision."""

from datetime import timedelta

from tests.board import Desk
from vidctl.domain.status import Status
from vidctl.engine.backup import held


def test_cards_that_the_old_server_or_a_person_moved_on_are_put_back_and_their_films_stay_held(desk: Desk) -> None:
    ahead = ("Assets Approved", "Queued", "Generating Video", "Published")
    pages = {status: desk.at(Status.ASSETS_READY) for status in ahead}
    for status, page in pages.items():
        if status in {"Generating Video", "Published"}:
            with desk.client() as old_server:
                old_server.pages.update(page, properties={"Status": {"select": {"name": status}}})
        else:
            desk.edit(page, Status=status)
    with desk.studio.db.transaction():
        held.hold_all(desk.studio.db, made_at=desk.studio.now - timedelta(hours=9), now=desk.studio.now)
    for _ in range(2):
        desk.sync()
    assert {desk.film(page).status for page in pages.values()} == {Status.DRAFT}
    assert {desk.shows(page)["Status"] for page in pages.values()} == {"Draft"}
    assert all("restored from a backup of" in desk.note(page) for page in pages.values())
    desk.edit(pages["Queued"], Status="Queued")
    desk.sync()
    assert desk.film(pages["Queued"]).status is Status.QUEUED
