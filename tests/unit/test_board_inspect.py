"""What a database lacks, and what is wrong with it: each finding with its cure."""

from typing import Any

import pytest

from vidctl.board.fields import PROPERTIES, Field
from vidctl.board.inspect import Finding, Severity, inspect, missing_fields
from vidctl.board.schema import schema_of
from vidctl.domain.channel import Channel
from vidctl.engine.setup.columns import additions, applied, columns

SALT = Channel("salt", "Salt, white", color="blue")
SEA = Channel("sea", "Sea")


def properties(*channels: Channel) -> dict[str, Any]:
    """Return the properties of a whole database."""
    made = applied({}, columns(channels))
    return applied(made, additions(made, schema_of(made), channels))


def found(there: dict[str, Any], *channels: Channel, before: dict[str, Any] | None = None) -> list[Finding]:
    return inspect(there, schema_of(before or {}), channels)


def the_one(findings: list[Finding]) -> tuple[Severity, str]:
    ((severity, what),) = [(finding.severity, finding.what) for finding in findings]
    return severity, what


def test_a_database_as_it_is_made_is_in_order() -> None:
    assert set(properties(SALT, SEA)) == {one.name for one in PROPERTIES.values()}
    assert found(properties(SALT, SEA), SALT, SEA) == []


@pytest.mark.parametrize("name", [one for one in Field if one is not Field.TITLE])
def test_each_property_that_is_gone_is_missed_and_added(name: Field) -> None:
    there = properties(SALT, SEA)
    del there[PROPERTIES[name].name]
    (finding,) = found(there, SALT, SEA)
    assert finding.about == PROPERTIES[name].name
    assert "vidctl notion setup" in finding.cure
    assert list(additions(there, schema_of(there), [SALT, SEA])) == [PROPERTIES[name].name]


def test_what_vidctl_only_shows_is_a_warning_and_what_it_reads_an_error() -> None:
    there = properties(SALT, SEA)
    for name in ("Cost", "Topic", "Channel"):
        del there[name]
    assert {finding.about: finding.severity for finding in found(there, SALT, SEA)} == {
        "Cost": Severity.WARNING,
        "Topic": Severity.ERROR,
        "Channel": Severity.ERROR,
    }
    only = {finding.about: finding.severity for finding in found(there, SALT)}
    assert only["Channel"] is Severity.WARNING


def test_a_renamed_property_is_known_by_its_id_and_noted() -> None:
    before = properties(SALT)
    there = {"Subject" if name == "Topic" else name: one for name, one in before.items()}
    there["Subject"] = {**there["Subject"], "name": "Subject"}
    severity, what = the_one(found(there, SALT, before=before))
    assert (severity, "'Topic' is called 'Subject' now" in what) == (Severity.NOTE, True)


@pytest.mark.parametrize("now", ["Reviewer Notes", "review note", "Notes", "Review Notes (old)"])
def test_a_property_of_the_same_type_and_nearly_the_name_looks_renamed(now: str) -> None:
    there = properties(SALT)
    there[now] = {**there.pop("Review Notes"), "name": now, "id": "x"}
    severity, what = the_one(found(there, SALT))
    assert (severity, f"{now!r} looks as if" in what) == (Severity.ERROR, True)


def test_a_title_may_have_any_name() -> None:
    there = properties(SALT)
    there["Film"] = {**there.pop("Title"), "name": "Film"}
    assert found(there, SALT) == []


def test_a_wrong_type_is_named_and_never_added_over() -> None:
    there = properties(SALT)
    there["Publish At"] = {"id": "x", "name": "publish at", "type": "rich_text", "rich_text": {}}
    severity, what = the_one(found(there, SALT))
    assert severity is Severity.ERROR
    assert what == "the property 'Publish At' is of the type rich_text, not date"
    assert missing_fields(there, schema_of(there)) == []


def test_missing_options_are_listed_with_what_looks_like_them() -> None:
    there = properties(SALT)
    options = there["Status"]["select"]["options"]
    there["Status"]["select"]["options"] = [
        {**one, "name": "Final Reviews"} if one["name"] == "Final Review" else one
        for one in options
        if one["name"] not in {"Draft", "Published"}
    ]
    _, what = the_one(found(there, SALT))
    assert what == "Status cannot say Draft, Final Review, Published ('Final Reviews' looks like 'Final Review')"


def test_new_options_stand_where_the_board_has_them_and_old_ones_keep_their_ids() -> None:
    there = properties(SALT)
    whole = [one["name"] for one in there["Status"]["select"]["options"]]
    gone = {"Draft", "Video Ready", "Upload Error"}
    options = [one for one in there["Status"]["select"]["options"] if one["name"] not in gone]
    there["Status"]["select"]["options"] = [*options, {"id": "mine", "name": "Mine", "color": "pink"}]
    sent = additions(there, schema_of(there), [SALT])[there["Status"]["id"]]["select"]["options"]
    assert [one["name"] for one in sent if one["name"] != "Mine"] == whole
    assert {one["name"] for one in sent if "id" not in one} == gone
    assert {"id": "mine", "name": "Mine", "color": "pink"} in sent


def test_a_channel_is_offered_without_its_commas_and_in_its_colour() -> None:
    there = properties(SEA)
    _, what = the_one(found(there, SEA, SALT))
    assert what == "Channel cannot say Salt white"
    sent = additions(there, schema_of(there), [SEA, SALT])[there["Channel"]["id"]]
    assert sent["select"]["options"][1:] == [{"name": "Salt white", "color": "blue"}]


def test_a_colour_is_noted_only_where_the_file_chose_one() -> None:
    there = properties(SALT, SEA)
    for option in there["Channel"]["select"]["options"]:
        option["color"] = "red"
    severity, what = the_one(found(there, SALT, SEA))
    assert (severity, what) == (Severity.NOTE, "Salt white is red on the board, and blue in the file of salt")


def test_more_options_than_notion_takes_are_for_people_to_add() -> None:
    channels = [Channel(f"c{number}", f"C{number}") for number in range(100)]
    there = properties(*channels)
    assert len(there["Channel"]["select"]["options"]) == 100
    (finding,) = found(there, *channels, SEA)
    assert "by hand" in finding.cure
    assert additions(there, schema_of(there), [*channels, SEA]) == {}


def test_a_formula_names_properties_as_they_are_called_now() -> None:
    before = properties(SALT)
    there = dict(before)
    there["Since"] = {**there.pop("Status Since"), "name": "Since"}
    del there["Time in Status"]
    added = additions(there, schema_of(there, schema_of(before)), [SALT], formulas=True)
    assert 'prop("Since")' in added["Time in Status"]["formula"]["expression"]
    assert "Status Since" not in added["Time in Status"]["formula"]["expression"]
