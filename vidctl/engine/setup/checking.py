"""Say what is wrong with the databases of the boards, and how to cure it; nothing is changed."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from vidctl.board.client import Notion
from vidctl.board.errors import MissingCapability, NotShared, names_a_page
from vidctl.board.inspect import Finding, Severity, inspect, inspect_views
from vidctl.board.schema import schema_of
from vidctl.engine.setup import capabilities, database, tabs
from vidctl.engine.setup.choosing import File, Files
from vidctl.engine.setup.database import Database
from vidctl.engine.setup.kept import kept_schema
from vidctl.errors import BadInput
from vidctl.store import Db


@dataclass(slots=True)
class Checked:
    """One database, and what there is to say of it."""

    database_id: str
    channels: list[str]
    title: str = ""
    url: str = ""
    findings: list[Finding] = field(default_factory=list)


@dataclass(slots=True)
class Report:
    """What a check found: of the integration and the files, and of each database."""

    integration: str
    workspace: str
    max_upload_bytes: int | None
    findings: list[Finding] = field(default_factory=list)
    databases: list[Checked] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing keeps vidctl from working."""
        found = [*self.findings, *(finding for one in self.databases for finding in one.findings)]
        return all(finding.severity is not Severity.ERROR for finding in found)


def check(db: Db, notion: Notion, files: Files, channel_ids: Sequence[str] = ()) -> Report:
    """Look at the database of each of these channels once; at all of them where none is named.

    Raises:
        KeyRefused: the token is not good.
        NotFound, Misconfigured: there is no such channel, or its file is broken.
        NotionUnavailable: Notion does not answer.
    """
    chosen = [file for file in files.chosen(channel_ids) if file.channel.board == "notion"]
    me = notion.me()
    report = Report(
        integration=str(me.get("name") or "vidctl"),
        workspace=str((me.get("bot") or {}).get("workspace_name") or ""),
        max_upload_bytes=capabilities.max_upload_bytes(me),
    )
    report.findings += capabilities.inspect(notion, me)
    for id_, sharing in _by_database(chosen, report).items():
        together = [*sharing, *files.others(sharing, id_)]
        report.databases.append(_checked(db, notion, id_, together, report.integration))
    return report


def _by_database(files: Sequence[File], report: Report) -> dict[str, list[File]]:
    """Return the channels by the database that they name; what is wrong with that goes into the report."""
    by_id: dict[str, list[File]] = {}
    for file in files:
        try:
            id_ = file.database_id
        except BadInput as exc:
            report.findings.append(Finding(Severity.ERROR, file.channel_id, str(exc), exc.hint))
            continue
        if id_ is None:
            what = f"the channel {file.channel_id} has no database yet"
            cure = f"vidctl notion setup --parent PAGE --channel {file.channel_id}"
            report.findings.append(Finding(Severity.ERROR, file.channel_id, what, cure))
        else:
            by_id.setdefault(id_, []).append(file)
    return by_id


def _checked(db: Db, notion: Notion, id_: str, files: Sequence[File], bot: str) -> Checked:
    checked = Checked(id_, [file.channel_id for file in files])
    try:
        found = database.find(notion, id_)
        checked.title, checked.url = found.title, found.url
        checked.findings = _findings(db, notion, id_, found, files)
    except NotShared:
        checked.findings.append(_unseen(notion, id_, files[0], bot))
    except MissingCapability:
        checked.findings.append(capabilities.lacking("Read content", Severity.ERROR, "vidctl cannot read the board"))
    return checked


def _findings(db: Db, notion: Notion, id_: str, found: Database, files: Sequence[File]) -> list[Finding]:
    channels = [file.channel for file in files]
    before = kept_schema(db, id_)
    findings = inspect(found.properties, before, channels)
    if len(found.sources) > 1:
        others = ", ".join(found.sources[1:])
        what = f"the database has {len(found.sources)} data sources; vidctl works with {found.sources[0]!r} alone"
        findings.append(
            Finding(Severity.WARNING, "data sources", what, f"move the cards of {others} there, or leave them")
        )
    missing = tabs.lacking(notion, found, tabs.wanted(schema_of(found.properties, before), channels))
    return findings + inspect_views(missing)


def _unseen(notion: Notion, id_: str, file: File, bot: str) -> Finding:
    """Return what to do about a database that the integration does not see."""
    if notion.sees(f"pages/{id_}"):
        wrong = names_a_page(str(file.path), id_)
        return Finding(Severity.ERROR, "sharing", str(wrong), wrong.hint)
    cure = f"{database.share(bot)}; or correct notion_database_id in {file.path}"
    return Finding(Severity.ERROR, "sharing", database.unseen(bot, id_), cure)
