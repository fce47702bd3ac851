"""Texts fit Notion's limits, come back as they were, and are never cut without a word."""

from hypothesis import given
from hypothesis import strategies as st

from vidctl.board.texts import MAX_RUN, MAX_RUNS, appended, plain, runs_of

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=3_000)


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


@given(TEXT, st.integers(1, 3))
def test_a_text_comes_back_as_it_was_in_runs_that_notion_takes(text: str, times: int) -> None:
    runs = runs_of(text * times)
    assert plain(runs) == text * times
    assert len(runs) <= MAX_RUNS
    assert all(0 < units(run["text"]["content"]) <= MAX_RUN for run in runs)


def test_what_no_property_has_room_for_is_said_to_be_left_out() -> None:
    runs = runs_of("😀" * 150_000)
    assert len(runs) == MAX_RUNS
    assert "too long for Notion" in plain(runs)


@given(TEXT, st.lists(TEXT.filter(str.strip), max_size=5))
def test_lines_are_added_below_what_stands_there_and_only_once(there: str, lines: list[str]) -> None:
    once = appended(runs_of(there), lines)
    assert plain(once).startswith(there)
    assert all(line in plain(once) for line in lines)
    assert plain(appended(once, lines)) == plain(once)


def test_the_formatting_of_what_people_wrote_is_kept() -> None:
    bold = {
        "type": "text",
        "text": {"content": "mind the gap", "link": {"url": "https://example.com"}},
        "annotations": {"bold": True},
        "plain_text": "mind the gap",
        "href": "https://example.com",
    }
    kept, added = appended([bold], ["a line"])
    assert kept == {"type": "text", "text": bold["text"], "annotations": {"bold": True}}
    assert added["text"]["content"] == "\na line"


def test_a_mention_is_kept_as_its_words() -> None:
    mention = {"type": "mention", "mention": {"type": "user", "user": {"id": "u1"}}, "plain_text": "@Ana"}
    assert plain(appended([mention], ["a line"])) == "@Ana\na line"


def test_the_oldest_lines_make_way_and_it_is_said_where_they_are() -> None:
    full = runs_of("\n".join(f"line {number} {'x' * 90}" for number in range(1_990)))
    runs = appended(full, [f"new {'y' * 3_000}", "last"])
    assert len(runs) <= MAX_RUNS
    assert plain(runs).startswith("… older lines: vidctl history TASK\n")
    assert plain(runs).endswith("\nlast")
