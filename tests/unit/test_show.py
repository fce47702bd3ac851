"""What commands print is safe on a terminal, whatever people called their films."""

import json

from hypothesis import example, given
from hypothesis import strategies as st

from vidctl.cli.show import to_json


@given(st.text(), st.booleans())
@example("\x7f", False)
@example("\u202egnp.exe\u2066\x9b31m\x7f", True)
def test_json_holds_every_text_as_it_is_and_shows_no_terminal_anything_to_obey(title: str, pretty: bool) -> None:
    said = to_json({"title": title}, pretty=pretty)
    assert json.loads(said) == {"title": title}
    assert said.replace("\n", "").isprintable()
