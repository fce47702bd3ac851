"""How a service refuses: one kind of refusal, and the error that it is inside vidctl. Each service has a table."""

from dataclasses import dataclass

from vidctl.contract import ErrorClass, Scope, ScriptError


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of refusal. `retry_after_s` is how long to wait where the answer does not say."""

    error_type: str
    error_class: ErrorClass
    scope: Scope
    what: str
    hint: str
    retry_after_s: float | None = None
    in_doubt: bool = False


def of(kind: Kind, words: str = "") -> ScriptError:
    """Return the error of a kind, with what was said."""
    return ScriptError(
        f"{kind.what}: {words}" if words else kind.what,
        hint=kind.hint,
        error_class=kind.error_class,
        scope=kind.scope,
        error_type=kind.error_type,
        retry_after_s=kind.retry_after_s,
        in_doubt=kind.in_doubt,
    )


def refused(error_type: str, message: str, *, hint: str, scope: Scope = Scope.ITEM) -> ScriptError:
    """Return the error for what a person has to put right, found before anything was sent."""
    return ScriptError(message, hint=hint, error_class=ErrorClass.PERMANENT, scope=scope, error_type=error_type)
