"""The form in which Gemini is asked for a storyboard: a `responseSchema`, a subset of OpenAPI's.

How many images and scenes there must be is said in words. `maxItems` on a list of objects is refused since
September 2026 with a bare "Request contains an invalid argument": what the model is held to is compiled, and a
list with a bound is unrolled. For the same reason there is no pattern and no length here.
"""

from typing import Any, Final

from vidctl.domain.storyboard import AssetKind, Layout

_TEXT: Final = {"type": "STRING"}


def _object(properties: dict[str, Any], *, optional: tuple[str, ...] = ()) -> dict[str, Any]:
    return {
        "type": "OBJECT",
        "properties": properties,
        "required": [name for name in properties if name not in optional],
        "propertyOrdering": list(properties),
    }


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "ARRAY", "items": items}


def _one_of(*values: str) -> dict[str, Any]:
    return {"type": "STRING", "format": "enum", "enum": list(values)}


_ASSET: Final = _object(
    {
        "number": {"type": "INTEGER"},  # a model that numbers does not lose count
        "name": _TEXT,
        "kind": _one_of(*AssetKind),
        "prompt": _TEXT,
        "like": {"type": "STRING", "nullable": True},
    },
    optional=("like",),
)
_PANEL: Final = _object({"environment": _TEXT, "characters": _list(_TEXT), "props": _list(_TEXT)})
_SCENE: Final = _object(
    {
        "number": {"type": "INTEGER"},
        "composite": _object({"layout": _one_of(*Layout), "panels": _list(_PANEL)}),
        "motion": _TEXT,
        "sound": _TEXT,
        "narration": _TEXT,
    }
)
STORYBOARD: Final = _object(
    {"title": _TEXT, "summary": _TEXT, "style": _TEXT, "assets": _list(_ASSET), "scenes": _list(_SCENE)}
)
