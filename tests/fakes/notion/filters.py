"""Filters of a query: checked once against the schema, then asked for each row."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from tests.fakes.notion import conditions, times
from tests.fakes.notion.conditions import Test, Value
from tests.fakes.notion.errors import Json, invalid, invalid_body, limited
from tests.fakes.notion.state import DataSource, Page, Property

_DEPTH = 2
_TIMESTAMPS: dict[str, Value] = {
    "created_time": lambda page: page.created_at,
    "last_edited_time": lambda page: page.edited_at,
}
_TEXTS = ("title", "rich_text", "url", "email", "phone_number")
_DATES = ("date", "created_time", "last_edited_time")


def compiled(given: Any, source: DataSource, now: datetime) -> Test:
    """Return a test for rows.

    Raises:
        ApiError: the filter names an unknown property, option or condition, or does not fit a property's type.
    """
    if given is None:
        return lambda _page: True
    return _Compiler(source, now).filter(given, "body.filter", 1)


class _Compiler:
    def __init__(self, source: DataSource, now: datetime) -> None:
        self._source, self._now = source, now

    def filter(self, given: Any, where: str, depth: int) -> Test:
        if not isinstance(given, dict):
            raise invalid_body(where, "an object", given)
        for word, joined in (("and", all), ("or", any)):
            if word in given:
                return self._compound(given, word, joined, where, depth)
        if "timestamp" in given:
            return self._timestamp(given, where)
        if "property" in given:
            return self._property(given, where)
        raise invalid_body(where, "a filter: and, or, property or timestamp", sorted(given))

    def _compound(self, given: Json, word: str, joined: Callable[[Any], bool], where: str, depth: int) -> Test:
        if depth > _DEPTH or len(given) > 1:
            raise invalid_body(f"{where}.{word}", "not present", given)
        parts = limited(given[word], f"{where}.{word}")
        tests = [self.filter(one, f"{where}.{word}[{index}]", depth + 1) for index, one in enumerate(parts)]
        return lambda page: joined(test(page) for test in tests)

    def _timestamp(self, given: Json, where: str) -> Test:
        kind = given["timestamp"]
        if kind not in _TIMESTAMPS or not isinstance(given.get(kind), dict):
            raise invalid_body(where, "a condition on created_time or last_edited_time", given)
        return self._dates(_TIMESTAMPS[kind], given[kind], f"{where}.{kind}")

    def _property(self, given: Json, where: str) -> Test:
        column = self._source.property(str(given["property"]))
        if column is None:
            raise invalid(f"Could not find property with name or id: {given['property']}")
        kinds = [key for key in given if key not in ("property", "type")]
        if kinds != [column.type] or not isinstance(given[column.type], dict):
            named = kinds[0] if kinds else "nothing"
            raise invalid(f"database property {column.type} does not match filter {named}")
        return self._conditions(column, given[column.type], f"{where}.{column.type}")

    def _conditions(self, column: Property, given: Json, where: str) -> Test:
        def value(page: Page) -> Any:
            return page.properties.get(column.id)

        if column.type in _DATES:
            if column.type != "date":
                return self._dates(_TIMESTAMPS[column.type], given, where)
            return self._dates(lambda page: (value(page) or {}).get("start"), given, where)
        if column.type in _TEXTS:
            return conditions.one(given, where, conditions.texts(value, given))
        if column.type in ("select", "status"):
            return conditions.one(given, where, conditions.choices(column, given, where))
        other: dict[str, Callable[[], dict[str, Test]]] = {
            "number": lambda: conditions.numbers(value, given, where),
            "checkbox": lambda: conditions.flags(value, given),
            "multi_select": lambda: conditions.members(value, conditions.option_id(column, given)),
            "people": lambda: conditions.members(value, given.get("contains", given.get("does_not_contain"))),
            "files": lambda: conditions.empties(value),
        }
        if column.type not in other:
            raise invalid(f"This server does not filter by {column.type}.")
        return conditions.one(given, where, other[column.type]())

    def _dates(self, value: Value, given: Json, where: str) -> Test:
        if len(given) != 1:
            raise invalid_body(where, "one condition", sorted(given))
        ((word, wanted),) = given.items()
        if word in ("is_empty", "is_not_empty"):
            return lambda page: (value(page) is None) is (word == "is_empty")
        if (span := conditions.spans(self._now.date()).get(word)) is not None:
            first, last = span
            return lambda page: value(page) is not None and first <= times.day(value(page), where) <= last
        compare = conditions.COMPARISONS.get(word)
        if compare is None:
            raise invalid_body(f"{where}.{word}", "not present", wanted)
        # A day without a time of day is compared as the whole day that it is.
        read: Any = times.day if times.is_day(str(wanted)) else times.moment
        limit = read(wanted, f"{where}.{word}")
        return lambda page: value(page) is not None and compare(read(value(page), where), limit)
