"""A sealed file is what was written, or is refused; of the backups in a folder the newest stay."""

import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from vidctl.domain.backup_names import name_of, surplus
from vidctl.engine.backup import settings_file
from vidctl.engine.backup.check import FORMAT, Head, require_known
from vidctl.engine.backup.files import place_of
from vidctl.engine.backup.restore import readable
from vidctl.engine.backup.write import Target, target_of
from vidctl.errors import BadInput, Misconfigured
from vidctl.settings import Settings, _dotenv
from vidctl.storage.beside import put
from vidctl.storage.bundle import Packing, Unpacking
from vidctl.storage.sealed import PIECE_BYTES, Opening, Sealing, new_key, read_key
from vidctl.store.migrate import head

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = new_key("correct horse battery", cost=2)
"""What this takes to derive is nothing that these tests are about."""


def sealed(text: bytes) -> bytes:
    file = io.BytesIO()
    sealing = Sealing(file, KEY)
    sealing.write(text)
    sealing.finish()
    return file.getvalue()


def opened(data: bytes) -> bytes:
    file = io.BytesIO(data)
    file.seek(len(KEY.line))
    return Opening(file, KEY).read()


@pytest.mark.parametrize("size", [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES + 7])
def test_what_was_sealed_comes_out_again_and_a_cut_file_never_does(size: int) -> None:
    whole = sealed(b"x" * size)
    assert opened(whole) == b"x" * size
    assert b"xxxx" not in whole
    ends = {len(whole) - 1, len(whole) - 16, len(KEY.line) + PIECE_BYTES + 16, len(KEY.line)}
    for end in ends - {len(whole)}:
        if end < len(whole):
            with pytest.raises(BadInput, match="changed, or its end is missing"):
                opened(whole[:end])


SEALED = sealed(bytes(range(256)) * 600)


@given(at=st.integers(len(KEY.line), len(SEALED) - 1), bit=st.integers(0, 7))
def test_no_bit_of_a_sealed_file_can_be_changed(at: int, bit: int) -> None:
    changed = bytearray(SEALED)
    changed[at] ^= 1 << bit
    with pytest.raises(BadInput):
        opened(bytes(changed))


def test_pieces_cannot_change_places() -> None:
    start, piece = len(KEY.line), PIECE_BYTES + 16
    one, two, rest = (
        SEALED[start : start + piece],
        SEALED[start + piece : start + 2 * piece],
        SEALED[start + 2 * piece :],
    )
    with pytest.raises(BadInput):
        opened(KEY.line + two + one + rest)


def test_another_passphrase_is_told_from_a_damaged_file() -> None:
    with pytest.raises(BadInput, match="passphrase is not the one"):
        read_key(io.BytesIO(SEALED), "wrong horse battery")
    with pytest.raises(BadInput, match="changed"):
        read_key(io.BytesIO(SEALED[20:]), "correct horse battery")
    for cost in (b"1099511627776", b"1e999", b"0"):  # the first would ask for a petabyte of memory
        greedy = KEY.line.replace(b'"cost": 2', b'"cost": ' + cost)
        with pytest.raises(BadInput, match="changed"):
            read_key(io.BytesIO(greedy), "correct horse battery")


def bundle(*parts: bytes) -> bytes:
    file = io.BytesIO()
    packing = Packing(file, {"format": "x"}, made_at=0)
    packing.add_parts("tables/films", parts)
    packing.add("settings/env", b"A=1\n")
    packing.finish(sequences={})
    return file.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    with Unpacking(io.BytesIO(data)) as unpacking:
        return {name: b"".join(parts) for name, parts in unpacking}


@settings(max_examples=30)
@given(st.lists(st.binary(max_size=600_000), max_size=4))
def test_a_bundle_holds_what_was_packed_however_it_came(parts: list[bytes]) -> None:
    assert unpacked(bundle(*parts)) == {"tables/films": b"".join(parts), "settings/env": b"A=1\n"}


@pytest.mark.parametrize("end", [-1, -8, -40, 200, 40, 1, 0])
def test_a_bundle_that_is_cut_off_is_refused(end: int) -> None:
    with pytest.raises(BadInput, match="end is missing"):
        unpacked(bundle(bytes(range(256)) * 40)[:end])


def test_a_bundle_whose_list_says_otherwise_is_refused() -> None:
    def repacked(change: Callable[[Packing], None]) -> bytes:
        file = io.BytesIO()
        packing = Packing(file, {}, made_at=0)
        packing.add("one", b"1")
        change(packing)
        packing.finish()
        return file.getvalue()

    for change in (lambda packing: packing.items.clear(), lambda packing: packing.items.append(packing.items[0])):
        with pytest.raises(BadInput):
            unpacked(repacked(change))


def test_a_backup_that_says_nonsense_of_itself_is_none() -> None:
    true = Head(FORMAT, "2026-11-22T03:15:00+00:00", head(), "0.1", "here", secrets=False)
    require_known(true)
    for wrong in ({"made_at": "noon"}, {"made_at": "2026-11-22"}, {"schema": "0000"}, {"schema": "head"}):
        with pytest.raises(BadInput, match="no backup of vidctl"):
            require_known(replace(true, **wrong))
    with pytest.raises(Misconfigured, match="with vidctl backup 2"):
        require_known(replace(true, format="vidctl backup 2"))


OUTSIDE = (
    *("settings/../x", "settings/other", "channel_configs/../../x.yaml", "channel_configs/.x", "channel_configs/a/b"),
    *("audit/..", "storyboards/one/../x", f"storyboards/../{UUID(int=1)}", "storyboards/one/1", "x/y", "/etc/x", "x"),
)


@pytest.mark.parametrize("name", OUTSIDE)
def test_a_file_that_would_lie_elsewhere_is_none_of_a_backup(tmp_path: Path, name: str) -> None:
    settings = Settings(tmp_path / "home", tmp_path / "configs", None, {})
    assert place_of(f"storyboards/one/{UUID(int=1)}", settings).is_relative_to(settings.home)
    path = tmp_path / "bad.tar.gz"
    with path.open("wb") as file:
        head_of = {"format": FORMAT, "made_at": "2026-11-22T03:15:00+00:00", "schema": head(), "version": "0.1"}
        packing = Packing(file, {**head_of, "host": "here", "secrets": False}, made_at=0)
        packing.add(name, b"")
        packing.finish(tables=[], sequences={})
    with pytest.raises(BadInput, match="is no file of a backup"):
        readable(path, None, settings)
    assert [one.name for one in tmp_path.iterdir()] == ["bad.tar.gz"]


def test_a_backup_takes_no_other_files_place(tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    with pytest.raises(BadInput, match="is there already"):
        target_of(tmp_path / "mine", keep=None)
    assert target_of(tmp_path / "new", keep=None) == Target(tmp_path, "new")


def test_memory_does_not_grow_with_what_is_sealed() -> None:
    class Counted(io.RawIOBase):
        longest = 0

        def write(self, data: object) -> int:
            self.longest = max(self.longest, len(cast("bytes", data)))
            return len(cast("bytes", data))

    file = Counted()
    sealing = Sealing(cast("BinaryIO", file), KEY)
    packing = Packing(cast("BinaryIO", sealing), {}, made_at=0)
    packing.add_parts("tables/films", (bytes(100_000) for _ in range(300)))
    assert file.longest <= PIECE_BYTES + 16


@settings(max_examples=30)
@given(st.lists(st.integers(0, 40), max_size=30), st.integers(1, 5))
def test_the_newest_backups_stay_and_nothing_else_is_ever_removed(hours: list[int], keep: int) -> None:
    names = list(dict.fromkeys(name_of(NOON + timedelta(hours=hour), sealed=hour % 2 == 0) for hour in hours))
    newest = name_of(NOON - timedelta(days=9), sealed=True)  # as of a clock that was set back
    others = ["vidctl.db", ".vidctl_backup_1.part", "vidctl_20261122T120000Z.backup.old", "notes.txt"]
    gone = surplus([*names, newest, *others], keep=keep, newest=newest)
    left = sorted(set(names) - set(gone))
    assert newest not in gone
    assert not set(gone) & set(others)
    assert len(left) == min(len(names), keep - 1)
    assert all(one < other for one in gone for other in left)


@settings(max_examples=30)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), min_size=1))
def test_what_only_the_environment_says_is_the_same_in_a_file(value: str) -> None:
    text = settings_file.gathered([], {"KIE_API_KEY": value, "HOME": "/root"})
    assert settings_file._values(text) == {"KIE_API_KEY": value}


def test_settings_of_two_files_and_the_environment_are_one_and_lead_to_no_old_database(tmp_path: Path) -> None:
    home, here = tmp_path / "home.env", tmp_path / "here.env"
    home.write_text("# mine\nKIE_API_KEY=from home\nGEMINI_API_KEY=g\nVIDCTL_HOME=/old\n")
    here.write_text("KIE_API_KEY=from here\nDATABASE_URL='postgresql://u:p@old/\n  db'\n")
    text = settings_file.gathered([home, here], {"KIE_API_KEY": "from outside", "GEMINI_API_KEY": "g"})
    restored = put(tmp_path / "new" / ".env", settings_file.elsewhere(text).encode(), private=True)
    assert _dotenv(restored.path) == {"KIE_API_KEY": "from outside", "GEMINI_API_KEY": "g"}
    assert "# mine" in restored.path.read_text()
    assert "# on the server of the backup: DATABASE_URL='postgresql://u:p@old/\n" in restored.path.read_text()
    assert restored.path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_is_there_stays_and_the_new_one_lies_beside_it(tmp_path: Path) -> None:
    place = tmp_path / "one.yaml"
    place.write_bytes(b"mine")
    names = [put(place, data).path.name for data in (b"mine", b"a", b"b", b"a")]
    assert names == ["one.yaml", "one.yaml.restored", "one.yaml.restored-2", "one.yaml.restored"]
    assert place.read_bytes() == b"mine"
    assert len(list(tmp_path.iterdir())) == 3
