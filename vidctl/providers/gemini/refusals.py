"""What it means that a 200 holds nothing that can be used: the model said no, or it made nothing."""

from typing import Final

from vidctl.contract import ErrorClass, Scope, ScriptError
from vidctl.providers.gemini.answer import Answer
from vidctl.providers.untrusted import short

BLOCKED: Final = frozenset(
    {
        "SAFETY",
        "PROHIBITED_CONTENT",
        "BLOCKLIST",
        "SPII",
        "IMAGE_SAFETY",
        "IMAGE_PROHIBITED_CONTENT",
        "MODEL_ARMOR",
    }
)
RECITED: Final = frozenset({"RECITATION", "IMAGE_RECITATION"})
UNFINISHED: Final = frozenset({"MAX_TOKENS", "CONTINUATION"})

REWORD: Final = "reword it: vidctl storyboard edit, or reject it with a note that asks for something else"


def refusal(answer: Answer, about: str, *, reword: str = REWORD) -> ScriptError | None:
    """Return the error for an answer in which the model or its guard says no; None where neither does.

    What is blocked for any reason stays blocked for these words: only other words help.
    """
    why = answer.block or answer.finish
    said = f"{why}: {short(answer.said)}" if answer.said else why
    if answer.block or answer.finish in BLOCKED:
        return _permanent(f"Gemini blocked {about}: {said}", "Blocked", reword)
    if answer.finish in RECITED:
        hint = f"what it made is too near to what others made; vidctl retry may pass, or {reword}"
        return _permanent(f"Gemini withheld {about}: {said}", "Recitation", hint)
    if answer.finish == "LANGUAGE":
        return _permanent(
            f"Gemini does not speak the language of {about}: {said}", "Language", "write it in another language"
        )
    if answer.finish == "PUP_LIMITED_DISABLED":
        hint = "Google limited the account for what was asked of it: see its mail, and Google AI Studio"
        return _permanent(f"Gemini refuses this account {about}: {said}", "AccountLimited", hint, Scope.SERVICE)
    return None


def nothing_made(answer: Answer, about: str, error_type: str) -> ScriptError:
    """Return the error for an answer that holds nothing whole, without a no: the next one may."""
    why = ": ".join(filter(None, (answer.finish or "no reason given", short(answer.said or answer.text, 200))))
    if answer.finish in UNFINISHED:
        return ScriptError(
            f"Gemini came to its limit of tokens before {about} was whole: {why}",
            hint="it is tried again by itself; ask for less if it never comes",
            error_type="Truncated",
            error_class=ErrorClass.TRANSIENT,
        )
    return ScriptError(
        f"Gemini answered without {about} ({why})",
        hint="it is tried again by itself; reword it if it never comes",
        error_type=error_type,
        error_class=ErrorClass.TRANSIENT,
        in_doubt=answer.nameless,
    )


def _permanent(message: str, error_type: str, hint: str, scope: Scope = Scope.ITEM) -> ScriptError:
    return ScriptError(message, hint=hint, error_type=error_type, error_class=ErrorClass.PERMANENT, scope=scope)
