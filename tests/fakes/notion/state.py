"""What a workspace holds: users, and a tree of pages, blocks, databases, data sources and views."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from urllib.parse import quote, unquote
from uuid import UUID, uuid4

from tests.fakes.notion.errors import Json, invalid


@dataclass
class User:
    """A person, or the bot of the integration."""

    id: str
    name: str
    email: str = ""
    is_bot: bool = False
    is_guest: bool = False


@dataclass
class Option:
    """One choice of a select, multi-select or status property."""

    id: str
    name: str
    color: str = "default"
    group: str = ""
    """The group of a status option; nothing for the others."""


@dataclass
class Property:
    """One column of a data source."""

    id: str
    name: str
    type: str
    config: Json = field(default_factory=dict)
    options: list[Option] = field(default_factory=list)

    @cached_property
    def public_id(self) -> str:
        """The id as the API shows it: ready to stand in a URL."""
        return quote(self.id, safe="")

    def option(self, option_id: str | None) -> Option | None:
        return next((one for one in self.options if one.id == option_id), None)

    def named(self, name: str, *, any_case: bool = False) -> Option | None:
        """Return the option with this name; in any spelling of upper and lower case if that is all there is."""
        exact = next((one for one in self.options if one.name == name), None)
        if exact or not any_case:
            return exact
        return next((one for one in self.options if one.name.casefold() == name.casefold()), None)


@dataclass(kw_only=True)
class Node:
    """Something with a place in the tree and a last edit."""

    id: str
    parent: str
    """The id of the node above; nothing at the top of the workspace."""
    created_at: datetime
    created_by: str
    edited_at: datetime
    edited_by: str
    in_trash: bool = False


@dataclass(kw_only=True)
class Page(Node):
    """A row of a data source, or a page of its own."""

    properties: dict[str, Any] = field(default_factory=dict)
    """Stored values by the ids of their properties, so that renaming one changes no page."""
    children: list[str] = field(default_factory=list)
    icon: Json | None = None
    cover: Json | None = None
    is_locked: bool = False
    is_archived: bool = False
    born: int = 0
    """The revision of the world that made it."""
    previous: "Page | None" = None
    """The page as it was before its last change: what a stale read shows."""


@dataclass(kw_only=True)
class Block(Node):
    """A piece of a page's content."""

    type: str
    content: Json
    children: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class DataSource(Node):
    """A table: schema and rows."""

    title: list[Json]
    description: list[Json] = field(default_factory=list)
    icon: Json | None = None
    properties: dict[str, Property] = field(default_factory=dict)
    rows: dict[str, Page] = field(default_factory=dict)

    def property(self, key: str) -> Property | None:
        """Return the property with this name, or with this id in its plain or URL-encoded form."""
        return find_property(self.properties.values(), key)


@dataclass(kw_only=True)
class Database(Node):
    """What holds data sources and views of them."""

    title: list[Json]
    description: list[Json] = field(default_factory=list)
    icon: Json | None = None
    cover: Json | None = None
    is_inline: bool = False
    is_locked: bool = False
    data_sources: list[str] = field(default_factory=list)
    views: dict[str, "View"] = field(default_factory=dict)


@dataclass(kw_only=True)
class View(Node):
    """One way to look at a data source; its parent is the database."""

    data_source_id: str
    name: str
    type: str
    settings: Json = field(default_factory=dict)
    """filter, sorts, quick_filters and configuration, as they were sent."""


@dataclass
class Comment:
    """What somebody said about a page or a block."""

    id: str
    parent: str
    discussion: str
    by: str
    at: datetime
    rich_text: list[Json]


def new_id() -> str:
    """Return an id nobody has."""
    return str(uuid4())


def normal_id(text: object, where: str) -> str:
    """Return an id with its dashes; the API takes it without them too."""
    try:
        return str(UUID(str(text)))
    except ValueError:
        raise invalid(f"path failed validation: path.{where} should be a valid uuid, instead was `{text}`.") from None


def find_property(properties: Any, key: str) -> Property | None:
    """Return the property that `key` names: by its name, else by its id, plain or URL-encoded."""
    by_name = next((one for one in properties if one.name == key), None)
    return by_name or next((one for one in properties if one.id in (key, unquote(key))), None)
