"""A real browser without a window, where this machine has one: pages are opened, asked about, and photographed.

Spoken to by Chrome's DevTools protocol through two pipes, so that nothing has to be installed besides the browser.
"""

import base64
import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import Any, Final

NAMES: Final = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome-headless-shell")
_FLAGS: Final = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars", "--no-first-run"),
    *("--disable-background-networking", "--remote-debugging-pipe"),
)


def found() -> str | None:
    """Return the program: `VIDCTL_TEST_BROWSER`, or the first of the usual names on PATH."""
    return os.environ.get("VIDCTL_TEST_BROWSER") or next(filter(None, map(shutil.which, NAMES)), None)


@dataclass
class Page:
    """The one page of a browser, and all it said that was not asked for."""

    to: Any
    back: Any
    session: str = ""
    asked: int = 0
    heard: list[dict[str, Any]] = field(default_factory=list)

    def call(self, method: str, **params: Any) -> dict[str, Any]:
        self.asked += 1
        told = {"id": self.asked, "method": method, "params": params}
        self.to.write(json.dumps(told | ({"sessionId": self.session} if self.session else {})).encode() + b"\0")
        self.to.flush()
        while (said := self._next()).get("id") != self.asked:
            self.heard.append(said)
        assert "error" not in said, said
        return dict(said["result"])

    def _next(self) -> dict[str, Any]:
        text = bytearray()
        while (byte := self.back.read(1)) != b"\0":
            assert byte, "the browser is gone"
            text += byte
        return dict(json.loads(text))

    def open(self, file: Path, *, width: int, height: int, dark: bool = False) -> None:
        """Open a file as a screen of that size shows it; ends when all of it is loaded and its scripts have run."""
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", features=scheme)
        self.call(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 500
        )
        self.heard.clear()
        self.call("Page.navigate", url=file.as_uri())
        while not any(said.get("method") == "Page.loadEventFired" for said in self.heard):
            self.heard.append(self._next())

    def ask(self, script: str) -> Any:
        """Return what an expression of JavaScript is in the page."""
        return self.call("Runtime.evaluate", expression=script, returnByValue=True)["result"].get("value")

    def picture(self) -> bytes:
        """Return the page as it is seen, as a PNG."""
        return base64.b64decode(self.call("Page.captureScreenshot")["data"])

    def said(self) -> tuple[list[str], list[Any]]:
        """Return which addresses were asked for since the last time, and all complaints and words on the console."""
        told, self.heard = [(one.get("method"), one.get("params", {})) for one in self.heard], []
        asked = [params["request"]["url"] for method, params in told if method == "Network.requestWillBeSent"]
        words = {"Log.entryAdded", "Runtime.exceptionThrown", "Runtime.consoleAPICalled"}
        return asked, [params for method, params in told if method in words]


@contextmanager
def browser(program: str) -> Iterator[Page]:
    """Run a browser with one empty page."""
    home = tempfile.mkdtemp(prefix="vidctl-browser-")
    (hear, to), (back, say) = os.pipe(), os.pipe()
    begin = f'exec "$0" "$@" 3<&{hear} 4>&{say}'  # the browser reads the one and writes the other; sh knows no 10
    process = subprocess.Popen(
        ["bash", "-c", begin, program, *_FLAGS, f"--user-data-dir={home}", "about:blank"],
        pass_fds=(hear, say),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, "HOME": home},
        start_new_session=True,  # its own children are ended with it, or they write into the folder once more
    )
    os.close(hear)
    os.close(say)
    patience = Timer(60, process.kill)
    patience.start()
    try:
        with os.fdopen(to, "wb") as out, os.fdopen(back, "rb") as into:
            page = Page(out, into)
            target = next(one for one in page.call("Target.getTargets")["targetInfos"] if one["type"] == "page")
            page.session = page.call("Target.attachToTarget", targetId=target["targetId"], flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                page.call(f"{domain}.enable")
            yield page
    finally:
        patience.cancel()
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(home, ignore_errors=True)
