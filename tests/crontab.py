"""The jobs in crontab.example, which are computed: `python -m tests.crontab` writes them, a test keeps them true."""

import textwrap
from collections.abc import Iterator
from pathlib import Path

from vidctl.domain.cron_jobs import JOBS, Job

EXAMPLE = Path(__file__).parent.parent / "crontab.example"
FOLDER = "/srv/vidctl"
_BEGIN = "# ---- The jobs: vidctl install-cron puts them into your crontab, with your folders "
_LOG = rf" >> {FOLDER}/logs/cron-$(date +\%Y-\%m).log 2>&1"


def written() -> str:
    """Return the file with its jobs as they should be."""
    head = EXAMPLE.read_text("utf-8").partition(_BEGIN)[0]
    return head + "\n".join([f"{_BEGIN:-<119}", *_jobs()])


def _jobs() -> Iterator[str]:
    for job in JOBS:
        yield ""
        yield from _comment(job.why)
        yield "#"
        yield from _comment(job.overlap)
        yield line(job, " > /dev/null" if job.is_told else "")
    yield ""
    yield from _comment(
        "With log files in place of mails, one a month, which vidctl cleanup removes once they are old; the same after "
        "each of them. (What the steps and ticks themselves say is in VIDCTL_HOME/logs anyway: vidctl logs.)"
    )
    yield f"# {line(JOBS[0], _LOG)}"
    yield ""


def line(job: Job, end: str) -> str:
    """Return the line of a job."""
    return f"{job.when}  cd {FOLDER} && .venv/bin/vidctl {' '.join(job.arguments(FOLDER))}{end}"


def _comment(text: str) -> list[str]:
    return textwrap.wrap(text, 119, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)


if __name__ == "__main__":
    EXAMPLE.write_text(written(), "utf-8")
