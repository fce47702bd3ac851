"""The image, built and run without Docker: each instruction in a plain Debian, with `pytest -m chaos tests/containers`.

What it needs: root, debootstrap and what they both fetch. Debian's own Python stands in for that of the base image.
"""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.containers.dockerfile import ROOT, Instruction, instructions, is_seen
from tests.processes import until

pytestmark = pytest.mark.chaos

BASE = ("python3.11", "python3.11-venv", "netbase", "ca-certificates", "tzdata")
"""What python:3.11-slim-bookworm has besides Debian's minimum, as far as it counts here."""


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The file system of the last stage; `made` beside it is that of the first."""
    if os.geteuid() or not shutil.which("debootstrap"):
        pytest.skip("only root can, with debootstrap")
    folder = tmp_path_factory.mktemp("image")
    folder.chmod(0o755)
    base, wheels = _base(folder), _wheels(folder)
    for name, stage in _stages().items():
        place = folder / name
        subprocess.run(["cp", "-a", base, place], check=True)
        with _wired(place, wheels if name != "last" else None):
            _build(place, stage, folder)
    for where in ("last", "last/opt/vidctl"):
        print(subprocess.run(["du", "-sm", folder / where], capture_output=True, text=True, check=True).stdout)
    yield folder / "last"
    shutil.rmtree(folder)


def _base(folder: Path) -> Path:
    base = folder / "base"
    subprocess.run(["debootstrap", "--variant=minbase", "bookworm", base], check=True)
    with _wired(base):
        in_base = ["chroot", str(base), "/bin/sh", "-ec"]
        subprocess.run([*in_base, f"apt-get install --yes --no-install-recommends {' '.join(BASE)}"], check=True)
    return base


def _wheels(folder: Path) -> Path:
    """Fetch what a build installs by this machine's pip, which knows where from."""
    wheels = folder / "wheels"
    run = next(one.rest for one in instructions() if one.rest.startswith("awk"))  # which of the tools are needed
    (folder / "tools.txt").write_bytes(subprocess.check_output(run.partition(">")[0], shell=True, cwd=ROOT))
    for asked in (ROOT / "requirements.txt", folder / "tools.txt"):
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*pip, "--dest", str(wheels), "--require-hashes", "-r", str(asked)], check=True)
    return wheels


def _stages() -> dict[str, list[Instruction]]:
    found: dict[str, list[Instruction]] = {}
    for one in instructions():
        if one.word == "FROM":
            name = one.words[2] if "AS" in one.words else "last"
            found[name] = []
        else:
            found[name].append(one)
    return found


def _build(place: Path, stage: list[Instruction], stages: Path) -> None:
    environment, folder = {"PATH": "/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin", "HOME": "/root"}, "/"
    for one in stage:
        if one.word == "ENV":
            environment |= dict(word.split("=", 1) for word in one.words)
        elif one.word == "WORKDIR":
            folder = one.rest
            (place / folder[1:]).mkdir(exist_ok=True)
        elif one.word == "COPY":
            _copy(one, place, folder, stages)
        elif one.word == "RUN":
            chroot = ["chroot", str(place), "/bin/sh", "-ec", f"cd {folder}; {one.rest}"]
            subprocess.run(chroot, env=environment, check=True)
    (place / "environment").write_text(json.dumps(environment))


def _copy(one: Instruction, place: Path, folder: str, stages: Path) -> None:
    *sources, target = one.words
    to = place / folder[1:] / target if not target.startswith("/") else place / target[1:]
    if stage := one.option("from"):
        subprocess.run(["cp", "-a", stages / stage / sources[0][1:], to], check=True)
        return
    for source in sources:
        path = ROOT / source
        if path.is_file():
            shutil.copy(path, to)
        else:
            shutil.copytree(path, to, ignore=_ignored)


def _ignored(at: str, names: list[str]) -> list[str]:
    return [name for name in names if _is_ignored(Path(at) / name)]


def _is_ignored(path: Path) -> bool:
    return (path.is_file() and not is_seen(path)) or path.name == "__pycache__"


@contextmanager
def _wired(place: Path, wheels: Path | None = None) -> Iterator[None]:
    """Give a file system what Docker gives a container: /proc, /dev, names of hosts; and pip its packages."""
    mounts = [(["-t", "proc", "proc"], "proc"), (["--bind", "/dev"], "dev")]
    if wheels:
        (place / "wheels").mkdir()
        mounts.append((["--bind", str(wheels)], "wheels"))
        (place / "etc" / "pip.conf").write_text("[global]\nno-index = true\nfind-links = /wheels\n")
    shutil.copy("/etc/resolv.conf", place / "etc" / "resolv.conf")
    for options, at in mounts:
        subprocess.run(["mount", *options, place / at], check=True)
    try:
        yield
    finally:
        for _, at in reversed(mounts):
            subprocess.run(["umount", "--lazy", place / at], check=True)


@contextmanager
def _container(image: Path, *words: str, **options: object) -> Iterator["subprocess.Popen[str]"]:
    """Run as Docker would: its first process alone, as the user of the image, and read-only but for its home."""
    environment = json.loads((image / "environment").read_text())
    script = (
        f"mount --bind {image} {image} && mount -o remount,ro,bind {image} && "
        f"mount -t tmpfs tmpfs {image}/tmp && mount --bind {image.parent}/home {image}/srv/vidctl && "
        f"mount -t proc proc {image}/proc && mount --bind /dev {image}/dev && "
        f'exec /usr/sbin/chroot --userspec=1000:1000 {image} /bin/sh -c \'cd /srv/vidctl && exec "$@"\' sh "$@"'
    )
    begin = ["unshare", "--pid", "--fork", "--mount", "--net", "--kill-child", "/bin/sh", "-ec", script, "sh", *words]
    with subprocess.Popen(begin, env=environment | {"HOME": "/srv/vidctl"}, text=True, **options) as process:  # type: ignore[call-overload]
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def home(image: Path) -> Iterator[Path]:
    """The volume, with what the image has in its place."""
    home = image.parent / "home"
    subprocess.run(["cp", "-a", image / "srv" / "vidctl", home], check=True)
    yield home
    shutil.rmtree(home)


def ran(image: Path, *words: str) -> str:
    with _container(image, *words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        out, _ = process.communicate(timeout=400)
    assert process.returncode == 0, out
    return str(out)


def test_a_film_is_made_in_it_without_a_network_by_nobody_special(image: Path, home: Path) -> None:
    ran(image, "vidctl", "demo", "--scenes", "1", "--dir", "/srv/vidctl/demo")
    assert list(home.glob("demo/**/*.mp4"))
    words = "from vidctl.providers.youtube import requests; print(requests._document()['id'])"
    assert "youtube" in ran(image, "python", "-c", words)


def test_it_ticks_is_healthy_and_ends_when_it_is_told(image: Path, home: Path) -> None:
    health = next(one for one in instructions() if one.word == "HEALTHCHECK").rest.partition("CMD ")[2]
    with _container(image, *Instruction("", _entry()).words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as cron:
        until((home / "cron-seen").exists, seconds=60)
        inside = _inside(cron.pid)
        until(lambda: not _in(inside, image, *json.loads(health)), seconds=60, what="health")
        assert not _in(inside, image, "sh", "-c", "vidctl channel list && vidctl status")
        subprocess.run(["kill", "-TERM", str(inside)], check=True)
        out, _ = cron.communicate(timeout=60)
    said = [json.loads(line) for line in out.splitlines()]
    assert [said[0]["pid"], said[-1]["message"], cron.returncode] == [1, "cron has ended", 0], out


def _entry() -> str:
    """Return what the image starts: ENTRYPOINT, and CMD behind it."""
    parts = {one.word: one.words for one in instructions() if one.word in {"ENTRYPOINT", "CMD"}}
    return json.dumps(parts["ENTRYPOINT"] + parts["CMD"])


def _inside(pid: int) -> int:
    """Return the first process of a container, by the number that it has outside."""
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def _in(pid: int, image: Path, *words: str) -> int:
    """Run something in a container that runs, as `docker exec` does; return its exit status."""
    environment = json.loads((image / "environment").read_text())
    enter = ["nsenter", "--target", str(pid), "--all", "--root", "--wd", "--setuid=1000", "--setgid=1000", "--", *words]
    return subprocess.run(enter, env=environment | {"HOME": "/srv/vidctl"}, check=False).returncode
