"""What the book of decisions holds: `review_audit`, which is only ever added to."""

from enum import StrEnum


class Action(StrEnum):
    """What somebody decided; only the last is the engine's, and says what followed."""

    APPROVED = "approved"
    REJECTED = "rejected"
    SETTLED = "settled"
    """What became of an order whose answer was lost."""
    ALLOWED = "allowed"
    """A film may be published although it is like another one."""
    PUBLISHED = "published"
