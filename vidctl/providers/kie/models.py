"""The models that can be ordered, and what an order for each looks like."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from vidctl.contract import ScriptError
from vidctl.errors import BadInput

USUAL: Final = "kling/v2-5-turbo-image-to-video-pro"
LENGTHS_S: Final = (5, 10)
MAX_NEGATIVE: Final = 500
MAX_WORDS: Final = 100_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """One clip, as it is wished for."""

    model: str
    prompt: str
    seconds: int
    """5 or 10."""
    negative_prompt: str
    cfg_scale: float


@dataclass(frozen=True, slots=True)
class Model:
    """How one model is asked."""

    longest_prompt: int
    input: Callable[[Wanted, str], dict[str, Any]]


def _turbo(wanted: Wanted, image_url: str) -> dict[str, Any]:
    return {
        "prompt": wanted.prompt,
        "image_url": image_url,
        "duration": str(wanted.seconds),  # a text, not a number
        "negative_prompt": cut(wanted.negative_prompt, MAX_NEGATIVE),
        "cfg_scale": round(wanted.cfg_scale, 1),
    }


def _silent(wanted: Wanted, image_url: str) -> dict[str, Any]:
    return {"prompt": wanted.prompt, "image_urls": [image_url], "sound": False, "duration": str(wanted.seconds)}


MODELS: Final[Mapping[str, Model]] = {USUAL: Model(2_500, _turbo), "kling-2.6/image-to-video": Model(1_000, _silent)}


def order(wanted: Wanted, image_url: str) -> dict[str, Any]:
    """Return the document that orders a clip."""
    return {"model": wanted.model, "input": MODELS[wanted.model].input(wanted, image_url)}


@dataclass(frozen=True, slots=True)
class Wish:
    """What was asked for; lengths in seconds, and nothing of it checked."""

    model: str
    motion: str
    note: str
    duration_s: float
    negative_prompt: str
    cfg_scale: float

    def checked(self) -> Wanted:
        """Return what to order; the note keeps its place where the prompt has to be cut.

        Raises:
            BadInput: nothing is to move, or nobody knows how to order from such a model.
            ScriptError: the models make no clip that is so long.
        """
        if (model := MODELS.get(self.model)) is None:
            raise BadInput(
                f"there is no way to order from the model {self.model!r}", hint=f"known: {', '.join(MODELS)}"
            )
        if not 0 <= self.cfg_scale <= 1:
            raise BadInput(f"--cfg-scale {self.cfg_scale} is not between 0 and 1", hint="leave it out for 0.5")
        if not _plain(self.motion):
            raise BadInput("there is no motion prompt", hint="say in --motion what moves in the clip")
        require_length(self.duration_s)
        if len(worded(self.motion, self.note, MAX_WORDS)) > model.longest_prompt:
            print(f"warning: the prompt is cut to {model.longest_prompt:,} characters", file=sys.stderr)
        return self.as_it_is()

    def as_it_is(self) -> Wanted:
        """Return it without a check: what was ordered already."""
        longest = MODELS[self.model].longest_prompt if self.model in MODELS else MAX_WORDS
        seconds = next((length for length in LENGTHS_S if self.duration_s <= length), LENGTHS_S[-1])
        prompt = worded(self.motion, self.note, longest)
        return Wanted(self.model, prompt, seconds, _plain(self.negative_prompt), self.cfg_scale)


def require_length(duration_s: float) -> None:
    """Refuse a length that is not made.

    Raises:
        ScriptError: it is about this film: other channels may have shorter clips.
    """
    if not duration_s <= LENGTHS_S[-1]:
        raise ScriptError(
            f"Kling makes clips of at most {LENGTHS_S[-1]} s, and {duration_s:g} s are wanted",
            hint=f"set story.clip_seconds in the channel's file to {LENGTHS_S[-1]} or less",
            error_type="ClipTooLong",
        )


def worded(motion: str, note: str, longest: int) -> str:
    """Return the prompt: the motion, and after it what a person asked for, in no more than `longest` characters."""
    motion, note = _plain(motion), cut(_plain(note), longest // 2)
    if not note:
        return cut(motion, longest)
    start = cut(motion, longest - len(note) - 2).rstrip()
    return f"{start}{'' if start.endswith(('.', '!', '?')) or not start else '.'} {note}".strip()


def cut(words: str, longest: int) -> str:
    """Return the words that fit, none of them cut in two unless the first is too long by itself."""
    if len(words) <= longest:
        return words
    head, _, _ = words[: longest + 1].rpartition(" ")
    return head.rstrip() or words[:longest]


def _plain(words: str) -> str:
    """Return words that can be sent: in one line, and whole characters only."""
    return " ".join(words.encode("utf-8", "replace").decode().split())
