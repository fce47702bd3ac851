"""The views of a board: what people open to see all, what waits for them, what failed, what is done, one channel."""

from typing import Any

import pytest

from vidctl.board.fields import PROPERTIES, Field
from vidctl.board.schema import Schema, schema_of
from vidctl.board.views import View, missing, views
from vidctl.domain.status import ERRORS, GATES, Status


def schema(*without: Field, status: str = "select", channels: tuple[str, ...] = ("Salt", "Sea")) -> Schema:
    """Return the schema of a whole database, its ids the names of the fields."""
    said: dict[Field, list[str]] = {Field.STATUS: list(Status), Field.CHANNEL: list(channels)}
    properties: dict[str, Any] = {}
    for name, one in PROPERTIES.items():
        type_ = status if name is Field.STATUS else one.type
        body = {"options": [{"id": f"id of {option}", "name": option} for option in said[name]]} if name in said else {}
        if name not in without:
            properties[one.name] = {"id": str(name), "name": one.name, "type": type_, type_: body}
    return schema_of(properties)


def by_name(*args: Any, **kwargs: Any) -> dict[str, View]:
    return {view.name: view for view in views(schema(*args, **kwargs), ["Salt", "Sea"])}


def said(view: View) -> list[str]:
    assert view.filter is not None
    either = view.filter.get("or", [view.filter])
    return [one["select"]["equals"] for one in either if "select" in one]


def test_there_is_a_view_for_each_thing_people_look_for() -> None:
    made = by_name()
    assert list(made) == ["Kanban", "Needs Review", "Errors", "Published", "Salt", "Sea"]
    assert said(made["Needs Review"]) == list(GATES)
    assert (made["Needs Review"].filter or {})["or"][-1] == {
        "and": [
            {"property": "status", "select": {"equals": "Composites Ready"}},
            {"property": "progress", "rich_text": {"is_not_empty": True}},
        ]
    }, "and what asks where others only pass by"
    assert said(made["Errors"]) == list(ERRORS)
    assert said(made["Published"]) == ["Published"]
    assert said(made["Sea"]) == ["Sea"]
    assert made["Kanban"].filter is None


def test_the_kanban_stands_first_and_has_a_column_for_every_status_also_where_no_card_is() -> None:
    body = by_name()["Kanban"].body("db", "ds")
    assert body["position"] == {"type": "start"}
    assert body["configuration"]["group_by"] == {
        "type": "select",
        "property_id": "status",
        "sort": {"type": "manual"},
        "hide_empty_groups": False,
    }
    assert "filter" not in body
    assert {body["database_id"], body["data_source_id"]} == {"db", "ds"}


def test_whoever_waits_longest_is_on_top_and_the_newest_film_is() -> None:
    made = by_name()
    assert made["Needs Review"].sorts == ({"property": "status_since", "direction": "ascending"},)
    assert made["Published"].sorts == ({"property": "status_since", "direction": "descending"},)


def test_a_table_shows_what_a_decision_needs_and_hides_the_rest() -> None:
    shown = by_name()["Needs Review"].configuration["properties"]
    visible = [one["property_id"] for one in shown if one["visible"]]
    assert visible == ["title", "channel", "status", "time_in_status", "review_notes", "assets", "cost"]
    assert {one["property_id"] for one in shown} == set(Field)


def test_notions_own_kind_of_status_is_grouped_by_its_options() -> None:
    made = by_name(status="status")
    group = made["Kanban"].configuration["group_by"]
    assert (group["type"], group["group_by"]) == ("status", "option")
    assert made["Published"].filter == {"property": "status", "status": {"equals": "Published"}}


def test_views_name_options_as_the_database_calls_them_now() -> None:
    def status(name: str) -> dict[str, Any]:
        options = [{"id": "p", "name": name}]
        return {"Status": {"id": "s", "name": "Status", "type": "select", "select": {"options": options}}}

    (_, published) = views(schema_of(status("Out now"), schema_of(status("Published"))), [])
    assert said(published) == ["Out now"]


@pytest.mark.parametrize(
    ("without", "left"),
    [
        ((Field.STATUS,), []),
        ((Field.CHANNEL,), ["Kanban", "Needs Review", "Errors", "Published"]),
        ((Field.PRIORITY, Field.STATUS_SINCE), ["Kanban", "Needs Review", "Errors", "Published", "Salt", "Sea"]),
    ],
)
def test_a_view_that_needs_a_property_waits_for_it(without: tuple[Field, ...], left: list[str]) -> None:
    assert list(by_name(*without)) == left


def test_a_channel_that_is_called_like_a_view_has_one_of_another_name() -> None:
    assert [view.name for view in views(schema(channels=("errors",)), ["errors"])][-1] == "errors (channel)"


def test_a_view_is_there_whatever_the_case_of_its_name() -> None:
    all_of_them = list(by_name().values())
    assert [view.name for view in missing(all_of_them, ["kanban ", "SALT", "Theirs"])] == [
        "Needs Review",
        "Errors",
        "Published",
        "Sea",
    ]
