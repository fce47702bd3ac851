"""Read every channel's file; one that is broken is reported with path, line and field, and stops no other."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from vidctl.domain import channel as settings
from vidctl.domain.channel import Channel
from vidctl.domain.limits import Limits, limits_from
from vidctl.domain.settings_fields import SEE_SCHEMA
from vidctl.engine.channel_complaints import converted
from vidctl.engine.yaml_file import Complaint, compose, fields_of, read_text
from vidctl.errors import Misconfigured

DEFAULTS: Final = "_defaults.yaml"
MAX_BYTES: Final = 200_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with one file."""

    path: Path
    line: int | None
    message: str
    hint: str

    def __str__(self) -> str:
        """Return the place and the complaint, in the form that editors can jump to."""
        return f"{self.path}:{self.line}: {self.message}" if self.line else f"{self.path}: {self.message}"


@dataclass(frozen=True, slots=True)
class Loaded:
    """All channels that can be used, the limits they share, and what is wrong with the rest."""

    channels: tuple[Channel, ...]
    limits: Limits
    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()
    """Choices that a file leaves open although they are seen or heard in every film, or makes in vain."""

    @property
    def broken(self) -> list[str]:
        """The ids (by file name) of the channels whose file cannot be used."""
        return [problem.path.stem for problem in self.problems]


@dataclass(frozen=True, slots=True)
class _Defaults:
    """What every channel's file starts from."""

    fields: Mapping[str, Any] = field(default_factory=dict)
    limits: Limits = field(default_factory=Limits)


def load(folder: Path) -> Loaded:
    """Read `{channel_id}.yaml` files over `_defaults.yaml`; names that begin with _ or . are no channels.

    Raises:
        Misconfigured: there is no such folder, or the defaults themselves cannot be used.
    """
    return check(_files(folder), _defaults(folder))


def check_files(paths: Iterable[Path]) -> Loaded:
    """Read these files alone, each over the `_defaults.yaml` beside it.

    Raises:
        Misconfigured: as `load`.
    """
    loaded = [check([path] * (path.name != DEFAULTS), _defaults(path.parent)) for path in paths]
    return Loaded(
        tuple(channel for part in loaded for channel in part.channels),
        loaded[0].limits if loaded else Limits(),
        tuple(problem for part in loaded for problem in part.problems),
        tuple(warning for part in loaded for warning in part.warnings),
    )


def check_new(path: Path, text: str) -> Loaded:
    """Read a file that is not written yet, over the `_defaults.yaml` that is to be beside it.

    Raises:
        Misconfigured: as `load`.
    """
    return check([path], _defaults(path.parent), text=text)


def check(paths: Iterable[Path], defaults: _Defaults, *, text: str | None = None) -> Loaded:
    """Return what can be used of these files, and what is wrong with the others; `text` is what stands in each."""
    channels: list[Channel] = []
    problems: list[Problem] = []
    warnings: list[Problem] = []
    for path in paths:
        try:
            channel, own = _channel(path, defaults.fields, text)
            channels.append(channel)
            warnings += [*_left_open(path, channel, own), *_in_vain(path, channel, own)]
        except Complaint as complaint:
            problems.append(Problem(path, complaint.line, str(complaint), complaint.hint or SEE_SCHEMA))
    return Loaded(tuple(channels), defaults.limits, tuple(problems), tuple(warnings))


def _files(folder: Path) -> list[Path]:
    """Return every file that describes a channel, or was meant to.

    An empty list would retire every channel, so a folder that cannot be read must not look like one.
    """
    hint = "set VIDCTL_CHANNEL_CONFIGS to the folder of your channel files, or make one: vidctl channel add"
    try:
        found = sorted(folder.iterdir())
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise Misconfigured(f"there is no folder of channel files at {folder}", hint=hint) from exc
    except OSError as exc:
        raise Misconfigured(f"cannot read the folder {folder}: {exc.strerror or exc}", hint=hint) from exc
    return [path for path in found if path.suffix in {".yaml", ".yml"} and not path.name.startswith(("_", "."))]


def _defaults(folder: Path) -> _Defaults:
    path = folder / DEFAULTS
    try:
        if not path.exists():
            return _Defaults()
        fields, lines = _read(path)
        limits = converted(limits_from, fields.pop("limits", {}), lines, "$.limits")
        converted(settings.from_fields, _EXAMPLE | fields, lines, "$")
    except (Complaint, OSError) as exc:
        line, hint = (exc.line, exc.hint) if isinstance(exc, Complaint) else (None, "")
        raise Misconfigured(str(Problem(path, line, str(exc), "")), hint=hint or SEE_SCHEMA) from exc
    return _Defaults(fields, limits)


_EXAMPLE: Final = {"channel_id": "example", "channel_name": "Example", "notion_database_id": "0" * 32}
"""What the defaults need besides themselves to be checked as a channel."""


def _channel(path: Path, defaults: Mapping[str, Any], text: str | None) -> tuple[Channel, Mapping[str, Any]]:
    """Return the channel that a file describes, and the fields that the file itself sets."""
    if path.suffix != ".yaml":
        raise Complaint("its name must end in .yaml", hint=f"rename it to {path.stem}.yaml")
    fields, lines = _read(path) if text is None else fields_of(compose(text))
    channel: Channel = converted(settings.from_fields, _merged(defaults, fields), lines, "$")
    if channel.channel_id != path.stem:
        raise _misnamed(channel.channel_id, path, lines)
    return _resolved(channel, path.parent, lines), fields


def _left_open(path: Path, channel: Channel, own: Mapping[str, Any]) -> Iterator[Problem]:
    if own.get("voice_id") is None:
        voice = settings.voice_of(channel)
        yield Problem(path, None, f"voice_id is missing: the voice {voice!r} is used", "set voice_id: ID")
    if "default_privacy" not in own:
        used = channel.default_privacy
        yield Problem(path, None, f"default_privacy is missing: {used} is used", "set default_privacy: private")


def _in_vain(path: Path, channel: Channel, own: Mapping[str, Any]) -> Iterator[Problem]:
    """Yield what a channel asks for in vain."""
    asked = f"storage_strategy: {channel.storage_strategy}"
    if channel.storage_strategy == "notion" and channel.board == "local" and "storage_strategy" in own:
        yield Problem(path, None, f"{asked} has no effect: the board of this channel is local", f"leave out {asked}")


def _misnamed(channel_id: str, path: Path, lines: Mapping[str, int]) -> Complaint:
    line, other = lines.get("$.channel_id"), path.with_name(f"{channel_id}.yaml")
    if other.exists():
        return Complaint(
            f"channel_id {channel_id!r} is used by {other.name} already", line, f"call this channel {path.stem}"
        )
    return Complaint(
        f"channel_id is {channel_id!r}, but the file is called {path.name}",
        line,
        f"call the file {channel_id}.yaml, or correct channel_id",
    )


def _resolved(channel: Channel, folder: Path, lines: Mapping[str, int]) -> Channel:
    """Return the channel with the files that it names made absolute."""
    import msgspec

    def found(name: str, field: str) -> str:
        try:
            path = (folder / name).resolve()
            if path.is_file():
                return str(path)
        except (OSError, RuntimeError, ValueError) as exc:  # too long, a loop of links, a NUL in it
            raise Complaint(f"cannot use the path {name[:80]!r} - at `{field}`", lines.get(field), str(exc)) from exc
        raise Complaint(f"there is no file {path} - at `{field}`", lines.get(field), "correct the path")

    branding = {
        name: found(value, f"$.branding.{name}")
        for name, value in msgspec.structs.asdict(channel.branding).items()
        if value is not None
    }
    return msgspec.structs.replace(
        channel,
        branding=msgspec.structs.replace(channel.branding, **branding),
        scripts={name: found(value, f"$.scripts.{name}") for name, value in channel.scripts.items()},
    )


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """Return `above` over `below`; sections are merged field by field."""
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        merged[key] = _merged(old, value) if isinstance(old, Mapping) and isinstance(value, Mapping) else value
    return merged


def _read(path: Path) -> tuple[dict[str, Any], dict[str, int]]:
    """Return the fields of a YAML file, and the line of each by its path `$.a.b`."""
    return fields_of(compose(read_text(path, max_bytes=MAX_BYTES)))
