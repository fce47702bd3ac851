"""A script that keeps the contract and makes a tiny file at once: every step's, by the name it is copied to.

In its folder it finds `faults.json`, a list of faults to show (each at most `times` times), and keeps
`ledger.jsonl`, one line for each thing that it sold and each file that it made. It runs thousands of times in a run of
the tests, so it imports as good as nothing: json, re and signal take as long as Python itself. With
`{"fault": "sell"}` for a script it works like a provider with jobs: it says `submitted`, waits `seconds` (and `delay`
before the sale), and a resumed job costs nothing. `then` is a fault to show after the sale, `after` one to show when
the result is out, `result` what the result says besides. "order" is a sale that is announced: it says `balance` (if
there is one), `ordering` for its `price`, and sells when it is let; `lost` is a fault to show before the answer is out;
`by_job` says whether the answer names a job.
"""

# Without pathlib, which takes a sixth of such a program's time:
# ruff: noqa: PTH104, PTH110, PTH113, PTH118, PTH120, PTH123

import fcntl
import os
import sys
import time
from _json import encode_basestring_ascii

try:
    from _sha256 import sha256  # type: ignore[import-not-found]  # hashlib loads OpenSSL: 2 ms
except ImportError:
    from hashlib import sha256

HERE, NAME = os.path.split(__file__)
OPTIONS = dict(word[2:].split("=", 1) for word in sys.argv[1:] if word.startswith("--"))


def dumps(value: object) -> str:
    """Return what `json.dumps` does."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{dumps(str(key))}: {dumps(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(dumps, value)) + "]"
    if isinstance(value, str):
        return str(encode_basestring_ascii(value))
    return "null" if value is None else str(value).lower() if isinstance(value, bool) else repr(value)


def say(**message: object) -> None:
    print(dumps(message), flush=True)


def ledger(**entry: object) -> None:
    with open(f"{HERE}/ledger.jsonl", "a") as file:
        clocks = {"at": time.monotonic(), "time": time.time()}  # each is one clock for all processes of a machine
        file.write(dumps({"script": NAME, "options": OPTIONS, "pid": os.getpid(), **clocks, **entry}) + "\n")


def fault() -> dict[str, object]:
    """Take the first fault that is meant for this run, and count it down."""
    path = f"{HERE}/faults.json"
    if not os.path.exists(path):
        return {}
    import json  # here, since most runs are told of no fault, and need nothing of it

    with open(path, "r+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        faults = json.load(file)
        for one in faults:
            meant = one["script"] == NAME and one.get("match", "") in " ".join(sys.argv)
            if meant and one["times"] > 0:
                one["times"] -= 1
                file.seek(0)
                file.write(dumps(faults))
                file.truncate()
                return dict(one)
    return {}


def read(path: str) -> bytes:
    with open(path, "rb") as file:
        return file.read()


def storyboard() -> bytes:
    import json

    brief = json.loads(read(OPTIONS["brief"]))
    assets = [{"name": "field", "kind": "environment", "prompt": "a field"}]
    assets += [{"name": f"bird_{n}", "kind": "character", "prompt": f"bird {n}"} for n in range(2, brief["assets"] + 1)]
    scenes = [
        {
            "number": n,
            "composite": {"layout": "single", "panels": [{"environment": "field"}]},
            "motion": f"push in {n}",
            "sound": f"wind {n}",
            "narration": f"Scene {n}.",
        }
        for n in range(1, brief["scenes"] + 1)
    ]
    style = "plain" if brief["title"] == "A film" else f"plain, for {brief['title']}"  # other titles are other films
    board = {"title": brief["title"], "summary": "", "style": style, "assets": assets, "scenes": scenes}
    return dumps(board).encode()


def digest(path: str) -> str:
    """Return the sha256 of a file and, where it is a document, of the files that it names."""
    whole = sha256(read(path))
    if path.endswith(".json"):
        for word in read(path).decode().split('"')[1::2]:
            if word and os.path.isfile(named := os.path.join(os.path.dirname(path), word)):
                whole.update(read(named))
    return str(whole.hexdigest())


def content() -> bytes:
    """Return bytes that depend on everything the script was asked for, and on its inputs' bytes."""
    if NAME == "generate_story.py":
        return storyboard()
    asked = []
    for name, value in sorted(OPTIONS.items()):
        if name not in {"output", "resume-job"}:
            asked.append([name, digest(value) if os.path.isfile(value) else value])
    return dumps([NAME, asked]).encode()


def error(error_class: str, scope: str = "item", **more: object) -> None:
    message = {"error_type": "Fault", "class": error_class, "scope": scope, "message": "a fault", "hint": "wait"}
    say(event="error", **(message | more))
    sys.exit({"transient": 75, "permanent": 65, "quota": 69}[error_class])


def sell(shown: dict[str, object]) -> None:
    time.sleep(float(str(shown.get("delay", 0))))
    job = OPTIONS.get("resume-job")
    if job is None:
        job = f"job-{os.getpid()}-{time.time_ns()}"
        ledger(event="sold", job=job)
        say(event="cost", component="test", units=1, cost_usd=0.42)
        say(event="submitted", job_id=job)
    time.sleep(float(str(shown.get("seconds", 0))))
    show(shown.get("then") or {})  # type: ignore[arg-type]


def order(shown: dict[str, object]) -> None:
    by_job, price = bool(shown.get("by_job", True)), float(str(shown.get("price", 0.42)))
    job = OPTIONS.get("resume-job")
    if job is None:
        if "balance" in shown:
            say(event="balance", left_usd=shown["balance"])
        say(event="ordering", component="test", cost_usd=price, by_job=by_job)
        if sys.stdin.readline().strip() != "go":
            error("transient", error_type="NotLet")
        job = f"job-{os.getpid()}-{time.time_ns()}"
        ledger(event="sold", job=job)
        show(shown.get("lost") or {})  # type: ignore[arg-type]
        if by_job:
            say(event="submitted", job_id=job)
    show(shown.get("then") or {})  # type: ignore[arg-type]
    say(event="cost", component="test", units=1, cost_usd=price, basis="provider")


def sell_late(*_: object) -> None:
    say(event="submitted", job_id="late-job")
    sys.exit(75)


def show(shown: dict[str, object]) -> None:  # noqa: C901, PLR0912  # one case a fault
    """Do what the fault says; most of them end the program."""
    match shown.get("fault"):
        case "sell":
            sell(shown)
        case "order":
            order(shown)
        case "sell when stopped":
            import signal

            signal.signal(signal.SIGTERM, sell_late)
            time.sleep(60)
        case "sleep":
            time.sleep(float(str(shown["seconds"])))
        case "hang":
            import signal

            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            time.sleep(3600)
        case "rubbish":
            print("hello, I am no JSON", flush=True)
            sys.exit(0)
        case "gigabytes":
            while True:
                print("x" * 1_000_000)
        case "endless lines":
            while True:
                say(event="progress", done=1, total=2, padding="x" * 10_000)
        case "grandchild":
            import subprocess  # here, since all other runs are quicker without it

            subprocess.Popen(["sleep", "3600"], start_new_session=True)
        case "grandchild in the pipe":
            import subprocess

            subprocess.Popen(["sleep", "3600"])
        case "signal":
            os.kill(os.getpid(), 11)  # SIGSEGV
        case "no file":
            say(event="result", path=OPTIONS["output"], sha256="0" * 64)
            sys.exit(0)
        case "say":
            say(**shown["message"])  # type: ignore[arg-type]
        case "complain":
            print(shown["text"], file=sys.stderr)
            sys.exit(1)
        case "print":
            print(shown["text"], flush=True)
        case "silent":
            sys.exit(0)
        case "status":
            print("something went wrong", file=sys.stderr)
            sys.exit(int(str(shown["status"])))
        case "error":
            error(**shown["error"])  # type: ignore[arg-type]


def write(output: str, data: bytes) -> None:
    """Write a file aside and rename it; where that cannot be, end as the contract says."""
    folder, name = os.path.split(output)
    aside = os.path.join(folder, f".{name}.part")
    try:
        with open(aside, "wb") as file:
            file.write(data)
        os.rename(aside, output)
    except OSError as exc:
        print(f"cannot write {output}: {exc.strerror}", file=sys.stderr)
        sys.exit(73)


def main() -> None:
    if NAME != "inspect_media.py":
        ledger(event="began")
    shown = fault()
    show(shown)
    if NAME == "inspect_media.py":
        output, data = sys.argv[-1], read(sys.argv[-1])
    else:
        output, data = OPTIONS["output"], content()
        write(output, data)
        ledger(event="made", sha256=sha256(data).hexdigest())
    says = shown.get("result") or {}
    say(event="result", path=output, sha256=sha256(data).hexdigest(), **says)  # type: ignore[arg-type]
    show(shown.get("after") or {})  # type: ignore[arg-type]


if __name__ == "__main__":
    main()
