"""No only copy leaves a machine without an operator's word, whatever else is where."""

from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vidctl.domain.channel import Channel, from_fields
from vidctl.domain.retention import EVIDENCE, FOLLOWS, Keep, is_evidence
from vidctl.domain.work import BOUGHT, Artifact, Kind, Made
from vidctl.engine.cleanup.elsewhere import Film
from vidctl.engine.cleanup.films import Judged, Lacking, sort_out
from vidctl.engine.cleanup.inventory import File, Role
from vidctl.storage.local import Folder

FIELDS = {"channel_id": "one", "channel_name": "One", "board": "local", "mode": "production"}


def channel(keep: Keep, **more: Any) -> Channel:
    return from_fields({**FIELDS, "cleanup": {"keep": keep.value}, **more})


def film(of: Channel) -> Film:
    return Film(cast("Any", SimpleNamespace()), of, Folder(Path("/nowhere")), {})


@st.composite
def files(draw: st.DrawFn) -> list[File]:
    kinds = draw(st.lists(st.sampled_from([kind for kind in Kind if kind not in EVIDENCE]), max_size=8))
    roles = st.sampled_from([Role.IN_USE, Role.TAKE])
    made = [Made(Artifact(kind, at), f"{at}", "0" * 64, 1, "") for at, kind in enumerate(kinds, 1)]
    return [File(one.path, 1, 1, draw(roles), one) for one in made]


def sorted_out(of: Channel, found: Sequence[File], there: set[str]) -> Judged | None:
    """Return what may go where exactly `there` is elsewhere; None: nothing of the film."""
    try:
        return sort_out(film(of), found, lambda _, asked: there & {file.path for file in asked})
    except Lacking:
        return None


@given(files(), st.data(), st.sampled_from(["r2", "notion"]))
def test_what_goes_is_elsewhere_or_made_again_of_what_stays(found: list[File], data: st.DataObject, store: str) -> None:
    there = data.draw(st.sets(st.sampled_from([file.path for file in found]))) if found else set[str]()
    judged = sorted_out(channel(Keep.ONLY_COPIES, storage_strategy=store), found, there)
    for file in judged.gone if judged else ():
        assert file.path in there or (file.artifact and file.artifact.kind in FOLLOWS)
    if store == "r2" and any(file.role is Role.IN_USE and file.path not in there for file in found):
        assert judged is None, "the bucket lacks something: nothing of the film goes"


@given(files())
def test_an_operators_word_is_kept(found: list[File]) -> None:
    def gone(keep: Keep, **more: Any) -> set[str]:
        judged = sorted_out(channel(keep, **more), found, set())
        return {file.path for file in judged.gone} if judged else set()

    def of(*kinds: Kind) -> set[str]:
        return {file.path for file in found if file.artifact and file.artifact.kind in kinds}

    assert gone(Keep.EVERYTHING) == set()
    assert gone(Keep.NOTHING) == of(*Kind)
    assert gone(Keep.FILM) == of(*Kind) - of(Kind.FILM)
    assert gone(Keep.ONLY_COPIES) == of(*FOLLOWS)
    assert gone(Keep.ONLY_COPIES, mode="preview") == of(*FOLLOWS, *BOUGHT), "made on this machine, for nothing"
    assert gone(Keep.ONLY_COPIES, mode="preview", scripts={"generate_asset.py": "mine.py"}) == of(*FOLLOWS)


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_file_is_evidence_bought_or_made_of_others(kind: Kind) -> None:
    assert (kind in EVIDENCE) + (kind in BOUGHT) + (kind in FOLLOWS) + (kind is Kind.FILM) == 1


def test_a_contact_sheet_stays_where_it_is_all_that_shows_the_film() -> None:
    assert [is_evidence(Kind.CONTACT_SHEET, has_thumbnail=has) for has in (False, True)] == [True, False]
