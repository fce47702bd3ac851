"""Fetch a clip that is paid for: at once, for its address is good for a day, and as often as it takes."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urljoin

from vidctl.contract import ErrorClass, ScriptError
from vidctl.providers.http import AnswerLost, Client, NotSent, Reply, is_web_address
from vidctl.providers.kie import errors
from vidctl.providers.kie.account import Account
from vidctl.script import sha256_of

TRIES: Final = 4
DOWNLOAD_TIMEOUT_S: Final = 300.0
MAX_HOPS: Final = 3
AGAIN_S: Final = 60.0
_EXPIRED: Final = (403, 404, 410)
_MOVED: Final = (301, 302, 303, 307, 308)
_CONTAINERS: Final = ((4, b"ftyp"), (0, b"\x1a\x45\xdf\xa3"))
"""What MP4 and WebM begin with."""

Judge = Callable[[Path], str]
"""Says what is wrong with a file, or nothing."""


@dataclass(frozen=True, slots=True)
class Download:
    """Fetches the clip of one job. `plays` is asked about what begins like a film."""

    account: Account
    job_id: str
    plays: Judge
    pause_s: float

    def fetch(self, urls: tuple[str, ...], file: Path) -> None:
        """Write a job's clip to `file`.

        Raises:
            ScriptError: it cannot be had now, not any more, or is no film.
        """
        if (named := next((url for url in urls if is_web_address(url, like=self.account.api)), None)) is None:
            raise self._not_yet("KIE says that it is ready, but not where")
        # Whoever keeps the file is not KIE, and must not see its key.
        with Client(self.account.api, timeout_s=DOWNLOAD_TIMEOUT_S) as client:
            self._fetch(client, named, file)

    def _fetch(self, client: Client, named: str, file: Path) -> None:
        url, before, said = named, "", ""
        for attempt in range(TRIES):
            time.sleep(self.pause_s if attempt else 0)
            reply = _followed(client, url, file, like=self.account.api)
            if isinstance(reply, str):
                said = reply
            elif reply.status in _EXPIRED:
                url, said = self._fresh(named) or url, f"HTTP {reply.status}"
            elif reply.status != HTTPStatus.OK:
                said = f"HTTP {reply.status}, {reply.shown}"
            elif not (said := self._trouble_with(file)):
                return
            elif (sha256 := sha256_of(file)) == before:
                raise self._no_video(said)
            else:
                before = sha256
        raise self._not_yet(said)

    def _fresh(self, named: str) -> str | None:
        """Ask for a new address for a result whose own has expired; None where that cannot be had now.

        Raises:
            ScriptError: KIE has the file no more.
        """
        with self.account.connected() as kie:
            try:
                answer = kie.post("/api/v1/common/download-url", json={"url": named})
            except (NotSent, AnswerLost):
                return None
        if answer.is_good and is_web_address(answer.data, like=self.account.api):
            return str(answer.data)
        if answer.spoken and answer.code in (400, 404, 422):
            raise ScriptError(
                f"KIE has the clip of job {self.job_id} no more: {answer.said}",
                hint=f"it keeps clips for 14 days; look for it at {errors.LOGS}, else a retry buys a new one",
                error_type="ResultGone",
                job_over=True,
            )
        return None

    def _trouble_with(self, file: Path) -> str:
        with file.open("rb") as opened:
            start = opened.read(16)
        if not any(start[at:].startswith(mark) for at, mark in _CONTAINERS):
            return f"it begins with {start!r}"
        return self.plays(file)

    def _no_video(self, said: str) -> ScriptError:
        return ScriptError(
            f"what KIE delivered for job {self.job_id} is no video: {said}",
            hint=f"it was paid for: ask KIE for the credits of job {self.job_id}; a retry buys a new clip",
            error_type="NoVideo",
            job_over=True,
        )

    def _not_yet(self, said: str) -> ScriptError:
        return ScriptError(
            f"the clip of job {self.job_id} is made but could not be fetched: {said}",
            hint="nothing: the next run fetches it, and orders nothing; KIE keeps it for 14 days",
            error_class=ErrorClass.TRANSIENT,
            error_type="NotDownloaded",
            retry_after_s=AGAIN_S,
        )


def _followed(client: Client, url: str, file: Path, *, like: str) -> Reply | str:
    """Return the answer to a download, or why there is none."""
    for _ in range(MAX_HOPS):
        try:
            reply = client.download(url, file)
        except (NotSent, AnswerLost) as exc:
            return str(exc)
        if reply.status not in _MOVED:
            return reply
        if not is_web_address(url := urljoin(url, reply.headers.get("location", "")), like=like):
            return "it was moved to what is no address"
    return "it is moved from one address to the next"
