"""HTML that escapes everything but itself. Pure."""

from html import escape


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


def el(tag: str, *children: str, **attributes: str) -> Html:
    """Return an element; what is no `Html` is text. A trailing `_` of an attribute's name is left out: `class_`."""
    named = "".join(f' {name.rstrip("_")}="{escape(value, quote=True)}"' for name, value in attributes.items() if value)
    return Html(f"<{tag}{named}>{join(*children)}</{tag}>")


def join(*children: str) -> Html:
    """Return several pieces as one."""
    return Html("".join(child if isinstance(child, Html) else escape(child, quote=True) for child in children))


def empty(tag: str, **attributes: str) -> Html:
    """Return an element that has no end, such as an image."""
    named = "".join(f' {name.rstrip("_")}="{escape(value, quote=True)}"' for name, value in attributes.items())
    return Html(f"<{tag}{named}>")
