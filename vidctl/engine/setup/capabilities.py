"""What the integration may do in its workspace, asked with requests that cannot change anything.

A write is tried that nothing could be made of: no page has the integration's own id, and an empty body makes
neither a page nor a comment. Notion looks first whether the integration may do such a thing at all.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from vidctl.board.client import Json, Notion
from vidctl.board.errors import MissingCapability, NotionRejected, NotShared
from vidctl.board.inspect import Finding, Severity

WORTH_IT_BYTES: Final = 20 * 1024 * 1024
"""A workspace that takes no larger files does not take every clip and film."""
_MIB: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class _Probe:
    """A request that needs one capability, and what is lost without that."""

    capability: str
    severity: Severity
    without: str
    ask: Callable[[Notion, str], object]


_PROBES: Final = (
    _Probe(
        "Insert content",
        Severity.ERROR,
        "vidctl cannot make databases, views or cards",
        lambda notion, _bot: notion.write("POST", "pages", body={}),
    ),
    _Probe(
        "Update content",
        Severity.ERROR,
        "vidctl cannot show on a card what became of its film",
        lambda notion, bot: notion.write("PATCH", f"pages/{bot}", body={}),
    ),
    _Probe(
        "Read comments",
        Severity.WARNING,
        "vidctl cannot read what people say below a card",
        lambda notion, bot: notion.read("GET", "comments", query={"block_id": bot}),
    ),
    _Probe(
        "Insert comments",
        Severity.WARNING,
        "what vidctl answers to a comment stands in the Error Log of its card",
        lambda notion, _bot: notion.write("POST", "comments", body={}),
    ),
    _Probe(
        "Read user information",
        Severity.WARNING,
        "the record of decisions has people's ids, not their names",
        lambda notion, _bot: notion.read("GET", "users", query={"page_size": 1}),
    ),
)


def inspect(notion: Notion, me: Json) -> Iterator[Finding]:
    """Yield each capability that is missing, and a limit that is too small; `me` is what Notion says of the bot."""
    for probe in _PROBES:
        try:
            with suppress(NotionRejected, NotShared):
                probe.ask(notion, str(me.get("id")))
        except MissingCapability:
            yield lacking(probe.capability, probe.severity, probe.without)
    limit = max_upload_bytes(me)
    if limit is not None and limit <= WORTH_IT_BYTES:
        what = f"the workspace takes files of up to {limit // _MIB} MiB, as on Notion's free plan"
        yield Finding(Severity.NOTE, "uploads", what, "of larger ones the pages show small copies; or change the plan")


def lacking(capability: str, severity: Severity, without: str) -> Finding:
    """Return what to say of a capability that is missing."""
    return Finding(
        severity,
        "capabilities",
        f"the integration lacks the capability {capability!r}: {without}",
        f"notion.so/profile/integrations > the integration > Capabilities: tick {capability!r}, and save",
    )


def max_upload_bytes(me: Json) -> int | None:
    """Return how large a file the workspace takes, None where Notion does not say."""
    limits = (me.get("bot") or {}).get("workspace_limits") or {}
    limit = limits.get("max_file_upload_size_in_bytes")
    return limit if isinstance(limit, int) else None
