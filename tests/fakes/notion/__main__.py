"""Notion on loopback, started by hand.

    python -m tests.fakes.notion --port N [--faults SPEC.json] [--ledger FILE]

`--port 0` picks a free port. SPEC is a list of faults, `[{"kind": "503_saved", "method": "PATCH", "times": 2}, …]`,
see `faults`. Prints where it is, its token, and a page that is shared with whoever has it.
"""

from tests.fakes.notion.fake import FakeNotion
from tests.fakes.wire.by_hand import main


def settings(notion: FakeNotion) -> list[str]:
    page = notion.parent_page("Studio", shared=True)
    return [f"NOTION_BASE_URL={notion.url}", f"NOTION_TOKEN={notion.token}", f"page={page}"]


if __name__ == "__main__":
    main(FakeNotion, settings, name="notion", about="Notion on loopback")
