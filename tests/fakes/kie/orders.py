"""What an order has to be, and what it costs."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from tests.fakes.kie.bodies import Refused, refused

CREDIT_USD = "0.005"


@dataclass(frozen=True)
class Order:
    """An order that is good."""

    model: str
    prompt: str
    image_url: str
    seconds: int
    credits: int
    whole: dict[str, Any]


def read(body: Any) -> Order:
    """Check a document as the service does.

    Raises:
        Refused: something is missing or wrong.
    """
    if not isinstance(body, dict) or not isinstance(body.get("input"), dict):
        raise refused("bad_parameters")
    model, given = body.get("model"), body["input"]
    if model not in MODELS:
        raise Refused(422, f"The model name you specified is not supported: {model}")
    known = MODELS[model]
    for name in known.required:
        if given.get(name) in (None, "", []):
            raise Refused(422, f"{name} is required")
    for name, value in given.items():
        if name not in RULES or not RULES[name](value):
            raise Refused(422, f"{name} is invalid")
    if len(given["prompt"]) > known.longest_prompt:
        raise Refused(422, "The prompt is too long")
    image = given.get("image_url") or given["image_urls"][0]
    seconds = int(given.get("duration", "5"))
    return Order(model, given["prompt"], image, seconds, known.credits_5s * seconds // 5, body)


@dataclass(frozen=True)
class Model:
    credits_5s: int
    longest_prompt: int
    required: tuple[str, ...]


MODELS = {
    "kling/v2-5-turbo-image-to-video-pro": Model(42, 2_500, ("prompt", "image_url")),
    "kling/v2-1-master-image-to-video": Model(160, 5_000, ("prompt", "image_url")),
    "kling-2.6/image-to-video": Model(55, 1_000, ("prompt", "image_urls", "sound", "duration")),
}


def _is_text(longest: int) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and len(value) <= longest


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and bool(re.match(r"https?://[^\s/]+/\S+$", value))


RULES: dict[str, Callable[[Any], bool]] = {
    "prompt": _is_text(100_000),
    "negative_prompt": _is_text(500),
    "image_url": _is_address,
    "tail_image_url": _is_address,
    "image_urls": lambda value: isinstance(value, list) and len(value) == 1 and _is_address(value[0]),
    "duration": lambda value: value in ("5", "10"),
    "cfg_scale": lambda value: (
        type(value) in (int, float) and 0 <= value <= 1 and abs(value * 10 - round(value * 10)) < 1e-6
    ),
    "sound": lambda value: isinstance(value, bool),
}
