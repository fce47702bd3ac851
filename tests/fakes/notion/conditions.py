"""The conditions that a filter can put on one property, by type."""

import operator
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from tests.fakes.notion import rich_text
from tests.fakes.notion.errors import Json, invalid, invalid_body, limited
from tests.fakes.notion.state import Page, Property

Test = Callable[[Page], bool]
Value = Callable[[Page], Any]
"""What reads a stored value."""

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "equals": operator.eq,
    "before": operator.lt,
    "after": operator.gt,
    "on_or_before": operator.le,
    "on_or_after": operator.ge,
}


def spans(today: date) -> dict[str, tuple[date, date]]:
    monday = today - timedelta(days=today.weekday())
    return {
        "past_week": (today - timedelta(days=7), today),
        "past_month": (today - timedelta(days=30), today),
        "past_year": (today - timedelta(days=365), today),
        "this_week": (monday, monday + timedelta(days=6)),
        "next_week": (today, today + timedelta(days=7)),
        "next_month": (today, today + timedelta(days=30)),
        "next_year": (today, today + timedelta(days=365)),
    }


def one(given: Json, where: str, tests: dict[str, Test]) -> Test:
    """Return the one condition that is given."""
    known = [key for key in given if key in tests]
    if len(given) != 1 or not known:
        raise invalid_body(where, "one of " + ", ".join(tests), sorted(given))
    return tests[known[0]]


def texts(value: Value, given: Json) -> dict[str, Test]:
    wanted = str(next(iter(given.values()), ""))
    folded = wanted.casefold()

    def text(page: Page) -> str:
        stored = value(page) or ""
        return stored if isinstance(stored, str) else rich_text.plain(stored)

    return {
        "equals": lambda page: text(page) == wanted,
        "does_not_equal": lambda page: text(page) != wanted,
        "contains": lambda page: folded in text(page).casefold(),
        "does_not_contain": lambda page: folded not in text(page).casefold(),
        "starts_with": lambda page: text(page).casefold().startswith(folded),
        "ends_with": lambda page: text(page).casefold().endswith(folded),
        "is_empty": lambda page: not text(page),
        "is_not_empty": lambda page: bool(text(page)),
    }


def choices(column: Property, given: Json, where: str) -> dict[str, Test]:
    wanted = next(iter(given.values()), None)
    names = wanted if isinstance(wanted, list) else [wanted]
    known = {option.name: option.id for option in column.options}
    if not {"is_empty", "is_not_empty"} & set(given):
        for name in limited(names, where):
            if name not in known:
                raise invalid(f'{column.type} option "{name}" not found for property "{column.name}".')
    ids = {known.get(str(name)) for name in names}

    def chosen(page: Page) -> str | None:
        option = column.option(page.properties.get(column.id))  # one that was removed is nobody's choice
        return option.id if option else None

    return {
        "equals": lambda page: chosen(page) in ids,
        "does_not_equal": lambda page: chosen(page) not in ids,
        "is_empty": lambda page: chosen(page) is None,
        "is_not_empty": lambda page: chosen(page) is not None,
    }


def option_id(column: Property, given: Json) -> str | None:
    name = given.get("contains", given.get("does_not_contain"))
    option = None if name is None else column.named(str(name))
    if name is not None and option is None:
        raise invalid(f'{column.type} option "{name}" not found for property "{column.name}".')
    return None if option is None else option.id


def numbers(value: Value, given: Json, where: str) -> dict[str, Test]:
    limit = next(iter(given.values()), None)
    if isinstance(limit, bool) is not bool({"is_empty", "is_not_empty"} & set(given)):
        raise invalid_body(where, "a number", limit)

    def number(compare: Callable[[Any, Any], bool]) -> Test:
        return lambda page: value(page) is not None and compare(value(page), limit)

    return {
        "equals": number(operator.eq),
        "does_not_equal": lambda page: bool(value(page) != limit),
        "greater_than": number(operator.gt),
        "less_than": number(operator.lt),
        "greater_than_or_equal_to": number(operator.ge),
        "less_than_or_equal_to": number(operator.le),
        "is_empty": lambda page: value(page) is None,
        "is_not_empty": lambda page: value(page) is not None,
    }


def flags(value: Value, given: Json) -> dict[str, Test]:
    wanted = next(iter(given.values()), None)
    return {
        "equals": lambda page: bool(value(page)) is wanted,
        "does_not_equal": lambda page: bool(value(page)) is not wanted,
    }


def members(value: Value, wanted: Any) -> dict[str, Test]:
    tests: dict[str, Test] = {
        "contains": lambda page: wanted in (value(page) or []),
        "does_not_contain": lambda page: wanted not in (value(page) or []),
    }
    return tests | empties(value)


def empties(value: Value) -> dict[str, Test]:
    return {"is_empty": lambda page: not value(page), "is_not_empty": lambda page: bool(value(page))}
