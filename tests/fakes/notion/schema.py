"""The columns of a data source: made, changed and read."""

from typing import Any

from tests.fakes.notion.errors import Json, invalid, invalid_body, limited
from tests.fakes.notion.state import DataSource, Option, Property, new_id
from tests.fakes.notion.world import World

COLORS = ("default", "gray", "brown", "orange", "yellow", "green", "blue", "purple", "pink", "red")
WITH_OPTIONS = ("select", "multi_select", "status")
COMPUTED = ("formula", "created_time", "created_by", "last_edited_time", "last_edited_by")
"""Nobody writes these."""
TYPES = (
    *("title", "rich_text", "number", "date", "people", "files", "checkbox", "url", "email", "phone_number"),
    *WITH_OPTIONS,
    *COMPUTED,
)
GROUPS = {"To-do": "gray", "In progress": "blue", "Complete": "green"}
_STANDARD_STATUS = (
    ("Not started", "default", "To-do"),
    ("In progress", "blue", "In progress"),
    ("Done", "green", "Complete"),
)
_ID_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789:;<=>?@[]^_`{|}~"
_LONGEST_OPTION = 100


def create(world: World, properties: object) -> dict[str, Property]:
    """Return the columns of a new data source."""
    if not isinstance(properties, dict):
        raise invalid_body("body.initial_data_source.properties", "defined", "undefined")
    made = [_new(world, name, config) for name, config in properties.items()]
    if [one.type for one in made].count("title") != 1:
        raise invalid("Title is not provided: a data source has exactly one property of type title.")
    return {one.id: one for one in made}


def change(world: World, source: DataSource, properties: object) -> dict[str, Property]:
    """Return the columns as `PATCH /data_sources` wants them; the data source itself is not touched."""
    if not isinstance(properties, dict):
        raise invalid_body("body.properties", "an object", properties)
    columns = dict(source.properties)
    for key, config in properties.items():
        known = source.property(key)
        if config is None:
            _remove(columns, known, key)
        else:
            changed = _new(world, key, config) if known is None else _changed(world, known, config)
            if known is None and changed.type == "title":
                raise invalid("A data source has exactly one property of type title.")
            columns[changed.id] = changed
    _check(columns)
    return columns


def read(columns: dict[str, Property]) -> Json:
    """Return the columns as the API shows them."""
    return {one.name: _read(one) for one in columns.values()}


def new_option(name: object, color: object = None, group: str = "") -> Option:
    """Return an option that nobody has chosen yet.

    Raises:
        ApiError: the name has a comma in it, is empty or too long, or there is no such colour.
    """
    if not isinstance(name, str) or not name or len(name) > _LONGEST_OPTION:
        raise invalid(f"Invalid option name, 1 to {_LONGEST_OPTION} characters are allowed: {name}")
    if "," in name:
        raise invalid(f"Invalid select option, commas not allowed: {name}")
    if color is not None and color not in COLORS:
        raise invalid_body("color", " or ".join(f'"{one}"' for one in COLORS), color)
    return Option(new_id(), name, str(color or "default"), group)


def _remove(columns: dict[str, Property], known: Property | None, key: str) -> None:
    if known is None:
        raise invalid(f"{key} is not a property that exists.")
    if known.type == "title":
        raise invalid("Cannot delete the title property of a data source.")
    del columns[known.id]


def _check(columns: dict[str, Property]) -> None:
    names = [one.name for one in columns.values()]
    if twice := {name for name in names if names.count(name) > 1}:
        raise invalid(f"Property names must be unique: {min(twice)}")


def _type_of(name: str, config: Any) -> str:
    if not isinstance(config, dict):
        raise invalid_body(f"body.properties.{name}", "an object", config)
    named = [key for key in config if key in TYPES]
    if len(named) != 1 or config.get("type", named[0]) != named[0]:
        raise invalid_body(f"body.properties.{name}", "one known type of property", sorted(config))
    return str(named[0])


def _new(world: World, name: str, config: Any) -> Property:
    kind = _type_of(name, config)
    if not name:
        raise invalid("A property must have a name.")
    details = config[kind] or {}
    made = Property(_new_property_id(world, kind), str(config.get("name", name)), kind, _details(kind, details))
    if kind in WITH_OPTIONS:
        made.options = _options(made, details.get("options"), name)
    return made


def _changed(world: World, known: Property, config: Json) -> Property:
    """Return a column renamed, with other options or details, or of another type (its values are gone then)."""
    name = str(config.get("name", known.name))
    if not name:
        raise invalid("A property must have a name.")
    if set(config) <= {"name", "description", "type"}:
        return Property(known.id, name, known.type, known.config, known.options)
    kind = _type_of(known.name, config)
    if kind != known.type:
        if "title" in (kind, known.type):
            raise invalid("The title property cannot become another type, nor another property the title.")
        return _new(world, name, config)
    details = config[kind] or {}
    options = _options(known, details["options"], name) if "options" in details else known.options
    return Property(known.id, name, kind, known.config | _details(kind, details), options)


def _details(kind: str, details: Any) -> Json:
    if not isinstance(details, dict):
        raise invalid_body(kind, "an object", details)
    if kind == "number":
        return {"format": details.get("format", "number")}
    return {"expression": details.get("expression", "")} if kind == "formula" else {}


def _options(known: Property, wanted: Any, name: str) -> list[Option]:
    """Return the options of a column; those it had before keep their ids, those not named are gone."""
    where = f"body.properties.{name}.{known.type}.options"
    if wanted is None:
        standard = _STANDARD_STATUS if known.type == "status" else ()
        return [new_option(*one) for one in standard]
    options = [_option(known, one, f"{where}[{index}]") for index, one in enumerate(limited(wanted, where))]
    names = [one.name.casefold() for one in options]
    if len(set(names)) < len(names):
        raise invalid(f"Invalid {known.type} options: names must be unique, whatever their case.")
    return options


def _option(known: Property, wanted: Any, where: str) -> Option:
    if not isinstance(wanted, dict):
        raise invalid_body(where, "an object", wanted)
    group = wanted.get("group") or ("To-do" if known.type == "status" else "")
    if known.type == "status" and group not in GROUPS:
        raise invalid_body(f"{where}.group", " or ".join(GROUPS), group)
    old = known.option(wanted.get("id")) or known.named(str(wanted.get("name")))
    if old is None:
        return new_option(wanted.get("name"), wanted.get("color"), group)
    if wanted.get("color", old.color) != old.color:
        raise invalid(f"Cannot update color of {known.type} with name: {old.name}.")
    renamed = new_option(wanted.get("name", old.name), old.color, wanted.get("group") or old.group)
    return Option(old.id, renamed.name, renamed.color, renamed.group)


def _new_property_id(world: World, kind: str) -> str:
    return "title" if kind == "title" else "".join(world.random.choices(_ID_LETTERS, k=4))


def _read(column: Property) -> Json:
    whole = {"id": column.public_id, "name": column.name, "description": None, "type": column.type}
    details: Json = dict(column.config)
    if column.type in WITH_OPTIONS:
        details["options"] = [read_option(one) | {"description": None} for one in column.options]
    if column.type == "status":
        details["groups"] = [_group(column, name, color) for name, color in GROUPS.items()]
    return whole | {column.type: details}


def read_option(option: Option) -> Json:
    """Return an option as a page shows it."""
    return {"id": option.id, "name": option.name, "color": option.color}


def _group(column: Property, name: str, color: str) -> Json:
    members = [one.id for one in column.options if one.group == name]
    return {"id": f"{column.id}-{name}", "name": name, "color": color, "option_ids": members}
