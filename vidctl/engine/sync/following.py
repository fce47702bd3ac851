"""A film's words follow its card for as long as they can have an effect; a later change is told so, once."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from vidctl.board.fields import OPTIONS, PROPERTIES, Field
from vidctl.board.pages import Card
from vidctl.domain import brief
from vidctl.domain.brief import Brief
from vidctl.domain.channel import Channel
from vidctl.domain.status import HANDED_OVER, Status
from vidctl.errors import BadInput
from vidctl.store.tasks import Task
from vidctl.store.texts import storable

_UNTIL_STORYBOARD: Final = frozenset({Field.TOPIC, Field.STORY_DIRECTION})


@dataclass(slots=True)
class Followed:
    """What a card changes of its film, and what the card has to be told."""

    fields: dict[str, Any] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def follow(card: Card, base: Mapping[str, Any], task: Task, channel: Channel, *, has_storyboard: bool) -> Followed:
    """Return what a film takes over from its card; `base` is what the card showed before."""
    followed = Followed()
    for name, value in _said(card, channel, followed.notes, base):
        if name not in card.shown or value == getattr(task, name):
            continue  # what a board has no property for is not empty: nothing is said of it
        if base and not card.said(name) and not _changed(name, card, base):
            continue  # nobody emptied it: the property was made anew
        if reason := _too_late(name, task, has_storyboard=has_storyboard):
            if _changed(name, card, base):
                followed.notes.append(f"{_label(name)} was changed, but {reason}")
            continue
        if complaint := _complaint(name, value, task):
            if _changed(name, card, base):
                followed.notes.append(f"{complaint}; the film keeps the {name.replace('_', ' ')} that it has")
            continue
        followed.fields[name] = value
    return followed


def _said(card: Card, channel: Channel, notes: list[str], base: Mapping[str, Any]) -> Iterator[tuple[Field, Any]]:
    """Yield what the card says of each field, in the film's own terms; what it cannot say is noted."""
    title, topic, story = (storable(card.said(name)) for name in (Field.TITLE, Field.TOPIC, Field.STORY_DIRECTION))
    cleaned = brief.cleaned(Brief(title, topic, story))
    yield Field.TITLE, cleaned.title
    yield Field.TOPIC, cleaned.topic
    yield Field.STORY_DIRECTION, cleaned.story_direction
    yield Field.REVIEW_NOTES, storable(card.said(Field.REVIEW_NOTES))
    for name, empty in ((Field.PRIORITY, channel.priority.value), (Field.PRIVACY, None)):
        said = card.said(name)
        if said and said not in OPTIONS[name]:
            if _changed(name, card, base):
                notes.append(
                    f"{_label(name)} {said[:40]!r} is none of {', '.join(OPTIONS[name])}: it counts for nothing"
                )
        elif name is not Field.PRIORITY or _changed(name, card, base):
            yield name, said.lower() or empty  # a priority may have been changed on the command line
    said = card.said(Field.PUBLISH_AT)
    try:
        yield Field.PUBLISH_AT, brief.publish_at(said) if said else None
    except BadInput:
        if _changed(Field.PUBLISH_AT, card, base):
            notes.append(f"{_label(Field.PUBLISH_AT)} {said[:40]!r} is no date that can be: it counts for nothing")


def _label(name: Field) -> str:
    return PROPERTIES[name].name


def _changed(name: Field, card: Card, base: Mapping[str, Any]) -> bool:
    return (card.shown.get(name) or "") != (base.get(name) or "")


def _too_late(name: Field, task: Task, *, has_storyboard: bool) -> str:
    """Return why a change has no effect any more; "" where it has one."""
    if task.status is Status.PUBLISHED:
        return "the film is published: Queued makes a new version of it"
    if task.status in HANDED_OVER and name is not Field.PRIORITY:
        return "the film is being uploaded as it was: if that fails, a retry uses it"
    if name in _UNTIL_STORYBOARD and has_storyboard and task.status is not Status.DRAFT:
        return "the storyboard is written already: to have another set Draft, then Queued (it makes the film anew)"
    return ""


_CHECKED: Final[Mapping[Field, Callable[[str], Brief]]] = {
    Field.TITLE: lambda value: Brief(value, "topic"),
    Field.TOPIC: lambda value: Brief("title", value),
    Field.STORY_DIRECTION: lambda value: Brief("title", "topic", value),
}


def _complaint(name: Field, value: Any, task: Task) -> str:
    """Return what is wrong with a text of a film that is on its way; a Draft may say anything yet."""
    if task.status is Status.DRAFT or name not in _CHECKED:
        return ""
    return "; ".join(map(str, brief.complaints(_CHECKED[name](value))))
