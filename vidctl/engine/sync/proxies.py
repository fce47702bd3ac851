"""Where a workspace takes no file as large as ours: a smaller one to look at, made by a program of its own."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from vidctl.contract import Result, from_line
from vidctl.domain.channel import Channel, timeout_of
from vidctl.engine import errand, scripts
from vidctl.errors import BadInput

SCRIPT: Final = "make_proxy.py"
TIMEOUT_S: Final = 900.0
_ENDING: Final[Mapping[str, str]] = {".png": ".jpg", ".wav": ".mp3"}


@dataclass(frozen=True, slots=True)
class Handed:
    """The file that is uploaded in the place of one, and what is to be said of it."""

    path: Path
    remark: str


@contextmanager
def handed(path: Path, channel: Channel, environment: Mapping[str, str], *, max_bytes: int) -> Iterator[Handed]:
    """Yield a file itself where it is small enough, else a proxy of it, which is removed afterwards.

    Raises:
        BadInput: no proxy of it can be so small.
        Unavailable: the program was stopped, or took too long.
    """
    size = path.stat().st_size
    if size <= max_bytes:
        yield Handed(path, "")
        return
    with TemporaryDirectory(prefix="vidctl-proxy-") as folder:
        proxy = Path(folder) / f"{path.stem}{_ENDING.get(path.suffix.lower(), path.suffix.lower())}"
        _make(path, proxy, channel, environment, max_bytes)
        yield Handed(proxy, f"small copy: the original has {_megabytes(size)}")


def _make(path: Path, proxy: Path, channel: Channel, environment: Mapping[str, str], max_bytes: int) -> None:
    timeout_s = timeout_of(channel, SCRIPT, TIMEOUT_S)
    words = [f"--input={path}", f"--output={proxy}", f"--max-bytes={max_bytes}"]
    argv, given = [*scripts.program(channel, SCRIPT), *words], scripts.environment(channel, SCRIPT, environment)
    ran = errand.run(argv, given, timeout_s=timeout_s, again="a later tick tries again")
    if ran.returncode != 0 or not isinstance(_last(ran.stdout), Result) or not proxy.is_file():
        raise BadInput(f"no small copy of {path.name} could be made", hint="look at the file itself: vidctl review")


def _last(output: str) -> object:
    lines = output.splitlines()
    try:
        return from_line(lines[-1]) if lines else None
    except BadInput:
        return None


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:.1f} MB"
