"""What texts have to be like to be kept."""


def storable(text: str) -> str:
    """Return text that PostgreSQL can hold: it has no NUL, and no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
