"""Show on a card's page what a person has to look at: each file of the film, once, as it is now.

Uploading takes minutes, so it is done by a process that has nothing else to do; gates never wait for it.
Broken off anywhere, a later try goes on: what is uploaded is attached within the hour, and where a write
may have arrived unnoticed the page is read before anything is added.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from vidctl.board.body import (
    MAX_BLOCKS,
    SECTION_OF,
    Block,
    Item,
    Section,
    elsewhere,
    rows_of,
    shown,
    side_by_side,
    table,
    uploaded,
)
from vidctl.board.errors import NotionRejected, NotShared
from vidctl.board.page_body import PageBody
from vidctl.board.uploads import upload
from vidctl.domain.channel import Channel
from vidctl.domain.status import Status
from vidctl.domain.storyboard import Storyboard
from vidctl.domain.work import GATE_KINDS, SHEETS, Artifact, Kind
from vidctl.engine.sync.desk import Desk
from vidctl.engine.sync.links import SIGNED_FOR, is_signed
from vidctl.engine.sync.proxies import handed
from vidctl.storage.local import Folder
from vidctl.store import exhibits
from vidctl.store.exhibits import Wanted
from vidctl.store.tasks import Task

KINDS: Final = tuple(SECTION_OF)
UPLOAD_LIFE: Final = timedelta(minutes=50)
"""How long an upload that nothing is attached to can be counted on; Notion keeps it for an hour."""
RENEWED_TOGETHER: Final = timedelta(days=6)
"""Where one link of a page runs out, those that will within this are renewed with it: so no page is seen to daily."""


@dataclass(slots=True)
class Exhibition:
    """The page of one film's card. `max_bytes` is the largest file that the workspace takes."""

    desk: Desk
    task: Task
    channel: Channel
    folder: Folder
    board: Storyboard
    environment: Mapping[str, str]
    max_bytes: int
    links: Mapping[Artifact, str] = field(default_factory=dict)
    """Where what is in the object store can be seen: that is not uploaded."""
    _page: PageBody = field(init=False)
    _links_until: datetime = field(init=False)

    def __post_init__(self) -> None:
        self._links_until = self.desk.clock() + SIGNED_FOR - timedelta(hours=1)
        self._page = PageBody(self.desk.notion, str(self.task.notion_page_id))

    def show(self) -> None:
        """Bring every section up to date that is behind.

        Raises:
            NotionUnavailable: it goes on from here the next time.
            VidctlError: Notion will not take it, or a small copy cannot be made.
        """
        self._retire()
        for section in Section:
            items = self._items(section)
            if any(not item.is_shown for item in items):
                self._bring(section)
        self._renew()

    def _renew(self) -> None:
        """Put new addresses in the place of those that will not open for much longer; what was taken off stays off."""
        now = self.desk.clock()
        linked = [(item, item.link_until) for section in Section for item in self._items(section) if item.is_shown]
        ends = [(item, until) for item, until in linked if until is not None and item.artifact in self.links]
        if any(until <= now + exhibits.RENEWED_BEFORE for _, until in ends):
            for item, until in ends:
                if until <= now + RENEWED_TOGETHER:
                    there = self._page.change(str(item.block_id), self._block(item))
                    exhibits.links(self.desk.db, self.task.id, item.artifact, self._until(item) if there else None)

    def _until(self, item: Wanted) -> datetime | None:
        """Return how long the address opens that an item is shown from now; None where that has no end."""
        link = self.links.get(item.artifact) if item.kind is not Kind.STORYBOARD else None
        return self._links_until if link and is_signed(link) else None

    def _items(self, section: Section) -> list[Wanted]:
        every = exhibits.of_film(self.desk.db, self.task.id, KINDS)
        return [
            item
            for item in every
            if SECTION_OF[item.kind] is section and self._has_place(item.artifact) and self._can_be_shown(item)
        ]

    def _can_be_shown(self, item: Wanted) -> bool:
        """Tell whether an item is where it is shown from: a file on its way to the object store is not yet."""
        return self.channel.storage_strategy == "notion" or item.kind is Kind.STORYBOARD or item.key is not None

    def _has_place(self, artifact: Artifact) -> bool:
        """Tell whether the film still has an item: what was paid for stays, but a storyboard may do without it."""
        if artifact.kind is Kind.IMAGE:
            return artifact.index <= len(self.board.assets)
        if artifact.kind in {Kind.CLIP, Kind.NARRATION, Kind.SFX}:
            return any(scene.number == artifact.index for scene in self.board.scenes)
        return True

    def _retire(self) -> None:
        """Take off the page what the film has no place for any more."""
        for item in exhibits.of_film(self.desk.db, self.task.id, KINDS):
            if not self._has_place(item.artifact) and (item.block_id or item.shown_sha256 != item.sha256):
                if item.block_id is not None:
                    self._page.remove(item.block_id)
                exhibits.retire(self.desk.db, self.task.id, item)

    def _bring(self, section: Section) -> None:
        """Upload first, since that takes longest and may fail; then write, with the page's state known."""
        self._upload_all(section)
        try:
            self._write(section)
        except (NotShared, NotionRejected):  # a person removed the section, or blocks of it: it is looked at anew
            exhibits.keep_heading(self.desk.db, self.task.id, section, None, is_clean=False)
            self._known_heading(section)
            self._upload_all(section)
            self._write(section)

    def _upload_all(self, section: Section) -> None:
        for item in self._items(section):
            if not item.is_shown and item.kind is not Kind.STORYBOARD:
                self._upload(item)

    def _upload(self, item: Wanted) -> None:
        if item.artifact in self.links:
            return
        now = self.desk.clock()
        fresh = item.uploaded_at is not None and item.uploaded_at + UPLOAD_LIFE > now
        if item.upload_id is not None and item.uploaded_sha256 == item.sha256 and fresh:
            return
        path = self.folder.path(item.path)
        with handed(path, self.channel, self.environment, max_bytes=self.max_bytes) as file:
            upload_id = upload(self.desk.notion, file.path, f"{self.name_of(item)}{file.path.suffix}")
            exhibits.uploaded(self.desk.db, self.task.id, item, upload_id, file.remark, now=now)

    def _known_heading(self, section: Section) -> str:
        """Return a section's heading, and leave nothing below it unknown that may have been written unnoticed."""
        db, task_id = self.desk.db, self.task.id
        heading, is_clean = exhibits.heading_of(db, task_id, section)
        if heading is None or not is_clean:
            heading = self._page.heading(section, heading)
            exhibits.keep_heading(db, task_id, section, heading, is_clean=False)
            self._adopt(heading, self._items(section))
        exhibits.keep_heading(db, task_id, section, heading, is_clean=False)
        return heading

    def _adopt(self, heading: str, items: Sequence[Wanted]) -> None:
        """Remember which blocks show what, and remove what stands there twice."""
        there: dict[Artifact, list[tuple[str, str]]] = {}
        for found in self._page.found_below(heading):
            there.setdefault(found.artifact, []).append((found.mark, found.block_id))
        for item in items:
            blocks = there.get(item.artifact, [])
            mark = self._item(item).mark
            keep = next((block for block in blocks if block[0] == mark), blocks[0] if blocks else None)
            for block in blocks:
                if block is not keep:
                    self._page.remove(block[1])
            if keep is not None and keep[0] == mark:
                self._remember(item, keep[1])
                if self._until(item):  # nobody knows when that was signed
                    exhibits.links(self.desk.db, self.task.id, item.artifact, self.desk.clock())
            else:
                exhibits.stands(self.desk.db, self.task.id, item.artifact, keep[1] if keep else None)

    def _write(self, section: Section) -> None:
        """Put what is remade in its place, and what is new at the end."""
        heading = self._known_heading(section)
        for item in self._items(section):
            if not item.is_shown and item.block_id is not None:
                added = self._page.replace(item.block_id, [self._block(item)])
                if added:
                    self._added(item, added[0])
                else:
                    exhibits.stands(self.desk.db, self.task.id, item.artifact, None)
        new = [item for item in self._items(section) if not item.is_shown]
        pictures = [item for item in new if item.kind is Kind.IMAGE]
        others = [item for item in new if item.kind is not Kind.IMAGE]
        for item, block_id in zip(
            others, self._page.append(heading, [self._block(item) for item in others]), strict=True
        ):
            self._added(item, block_id)
        for at in range(0, len(pictures), MAX_BLOCKS):
            self._add_pictures(heading, pictures[at : at + MAX_BLOCKS])
        exhibits.keep_heading(self.desk.db, self.task.id, section, heading, is_clean=True)

    def _add_pictures(self, heading: str, pictures: Sequence[Wanted]) -> None:
        (columns,) = self._page.append(heading, [side_by_side([self._block(item) for item in pictures])])
        by_artifact = {item.artifact: item for item in pictures}
        for found in self._page.found_below(columns):
            if found.artifact in by_artifact:
                self._remember(by_artifact[found.artifact], found.block_id)

    def _added(self, item: Wanted, block_id: str) -> None:
        if item.kind is Kind.STORYBOARD and (more := rows_of(self.board)[MAX_BLOCKS - 1 :]):
            table_id = self._page.table_in(block_id)
            if table_id is not None:
                self._page.append(table_id, more)
        self._remember(item, block_id)

    def _remember(self, item: Wanted, block_id: str) -> None:
        url = f"https://www.notion.so/{str(self.task.notion_page_id).replace('-', '')}#{block_id.replace('-', '')}"
        exhibits.shows(
            self.desk.db,
            self.task.id,
            item.artifact,
            sha256=item.sha256,
            block_id=block_id,
            url=url,
            link_until=self._until(item),
        )

    def _block(self, item: Wanted) -> Block:
        if item.kind is Kind.STORYBOARD:
            return table(self.board, self._item(item))
        return shown(self._item(item), self.file_of(item))

    def file_of(self, item: Wanted) -> Block:
        """Return an item's file as Notion gets to it."""
        link = self.links.get(item.artifact)
        return elsewhere(link) if link else uploaded(str(item.upload_id))

    def _item(self, item: Wanted) -> Item:
        take = f"take {item.take}" if item.take > 1 else ""
        remark = " · ".join(filter(None, [take, item.remark]))
        return Item(item.artifact, item.sha256, self._words(item.artifact), remark)

    def _words(self, artifact: Artifact) -> str:
        """Return what was drawn, said or heard there, as the storyboard has it now."""
        if artifact.kind is Kind.IMAGE:
            return self.board.assets[artifact.index - 1].name.replace("_", " ")
        if artifact.kind is Kind.ANIMATIC:
            return self.task.asks or ""
        if artifact.kind in {Kind.FILM, Kind.THUMBNAIL}:
            return self.task.title
        scene = next((scene for scene in self.board.scenes if scene.number == artifact.index), None)
        if scene is None or artifact.kind in SHEETS:
            return ""
        said = {Kind.CLIP: scene.motion, Kind.NARRATION: scene.narration, Kind.SFX: scene.sound}
        return said.get(artifact.kind, "")

    def name_of(self, item: Wanted) -> str:
        """Return what an item's file is called where people see it, without its ending."""
        return f"{item.artifact} {self._words(item.artifact)}"[:80].strip().replace("/", "-")


def stage_files(items: Sequence[Wanted], status: Status) -> Iterator[Wanted]:
    """Yield what has to be looked at in a status, all of which is on the page: of the gate's stage, or the last one's.

    A film that was sent back to a gate still has what was made of it behind that, and nobody decides on it there.
    """
    here = {SECTION_OF[kind] for kind in GATE_KINDS.get(status, ()) if kind in SECTION_OF} or set(Section)
    sections = {SECTION_OF[item.kind] for item in items if _is_attached(item)} & here
    if sections:
        last = max(sections, key=list(Section).index)
        yield from (item for item in items if SECTION_OF[item.kind] is last and _is_attached(item))


def _is_attached(item: Wanted) -> bool:
    uploaded_ = item.upload_id is not None and item.uploaded_sha256 == item.sha256
    return item.is_shown and (uploaded_ or item.key is not None)
