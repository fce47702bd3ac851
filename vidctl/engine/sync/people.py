"""Who did it: a Notion user's id, with name and e-mail where the integration may see them."""

from datetime import timedelta
from typing import Final

from vidctl.board.errors import MissingCapability, NotionUnavailable, NotShared
from vidctl.engine.sync.desk import Desk
from vidctl.errors import VidctlError
from vidctl.store import people
from vidctl.store.people import Person
from vidctl.store.texts import storable

FRESH: Final = timedelta(days=7)
"""How long a name is good; nobody's name may hold up a decision, so an older one is better than none."""


def actor(desk: Desk, user_id: str, bot_id: str | None) -> str:
    """Return how a move's history names a Notion user.

    Where our own write came after theirs, Notion does not say who they were.
    """
    if user_id in {"", bot_id}:
        return "somebody on the Notion board"
    known = people.get(desk.db, user_id)
    if known is None or known.read_at + FRESH < desk.clock():
        known = _asked(desk, user_id) or known
    about = " ".join(filter(None, [known.name, f"<{known.email}>" if known.email else ""])) if known else ""
    return f"{about} (notion:{user_id})" if about else f"notion:{user_id}"


def _asked(desk: Desk, user_id: str) -> Person | None:
    try:
        said = desk.notion.read("GET", f"users/{user_id}")
    except (MissingCapability, NotShared):
        said = {}  # guests are not listed, and the capability is a choice: the id is evidence enough
    except (NotionUnavailable, VidctlError):
        return None
    person = said.get("person")
    email = person.get("email") if isinstance(person, dict) else None
    found = Person(user_id, storable(str(said.get("name") or "")), storable(str(email or "")), desk.clock())
    people.put(desk.db, found)
    return found
