"""An id of Notion's is found in whatever a person copied."""

import pytest

from vidctl.domain.notion_id import notion_id
from vidctl.errors import BadInput

ID = "59833787-2cf9-4fdf-8782-e53db20768a5"
BARE = ID.replace("-", "")


@pytest.mark.parametrize(
    "text",
    [
        ID,
        BARE,
        f"  {BARE.upper()}\n",
        f"https://www.notion.so/{BARE}",
        f"https://www.notion.so/studio/{BARE}?v=00000000000000000000000000000000&pvs=4",
        f"https://www.notion.so/studio/Films-of-2026-{BARE}",
        f"https://www.notion.so/studio/Face-facade-{BARE}#abc",
        f"https://app.notion.com/p/{ID}/",
    ],
)
def test_an_id_is_found_in_what_was_copied(text: str) -> None:
    assert notion_id(text) == ID


@pytest.mark.parametrize("text", ["", "abc", "https://www.notion.so/studio", BARE[:-1], f"{BARE}0"])
def test_what_holds_no_id_is_refused_with_what_to_copy(text: str) -> None:
    with pytest.raises(BadInput) as refused:
        notion_id(text)
    assert "copy the link" in refused.value.hint
