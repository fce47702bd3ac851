"""How a call to Notion can end badly: one class for each thing that a caller does differently."""

from vidctl.errors import BadInput, Misconfigured, NotFound, Unavailable


class NotionUnavailable(Unavailable):
    """Notion does not answer now, or answers nonsense; nothing was changed by the call."""


class NotAPage(NotionUnavailable):
    """One page is answered in a way that makes no sense; those of others may."""


class NoTimeLeft(NotionUnavailable):
    """The time that the caller gave is used up; Notion has nothing to do with it."""


class NotionRateLimitError(NotionUnavailable):
    """Notion, or our own pace, allows no request for longer than the caller wants to wait."""


class NotionUnclear(NotionUnavailable):
    """A write was sent and its answer is lost, or says that it may have been saved: read before writing again."""


class NotShared(NotFound):
    """Notion knows no such thing, or has not been told that the integration may see it: it says the same to both."""


class MissingCapability(Misconfigured):
    """The integration may not do this in this workspace."""


class NotionRejected(BadInput):
    """Notion will never take this request as it is."""


def names_a_page(files: str, id_: str) -> Misconfigured:
    """Return what is wrong where channel files name the page that a database is on."""
    return Misconfigured(
        f"notion_database_id in {files}: {id_} is a page, no database",
        hint="on that page open the database as a full page, copy its link, and write that in place of the id",
    )
