"""Groups of commands in which the most usual one needs no name: `vidctl review 3f2a` is `vidctl review list 3f2a`."""

from typing import Any, Final

from typer.core import TyperGroup

USUAL: Final = "list"


class ListByDefault(TyperGroup):
    """A group whose command `list` is meant where no other one is named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put `list` before arguments that name no command; a shell that completes the first one is offered both."""
        if ctx.resilient_parsing and not args:
            return super().parse_args(ctx, args)
        first = args[0] if args else ""
        if first not in self.commands and first not in {"-h", "--help"}:
            args = [USUAL, *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Offer the commands, and what the usual one takes first."""
        first = next((param for param in self.commands[USUAL].params if param.param_type_name == "argument"), None)
        return super().shell_complete(ctx, incomplete) + (first.shell_complete(ctx, incomplete) if first else [])
