"""The page of a report, as a real browser shows it on a phone and on a screen."""

import base64
import hashlib
import io
import json
import re
from pathlib import Path

import pytest
from PIL import Image

from tests import browser
from tests.reports import SUNDAY, a_report
from vidctl.cli.report.page import page
from vidctl.domain.report import Report

EVIL = "</script><script>window.got = 1</script><img src=x onerror='window.got = 1'>&amp;"
CHARTS = 9
PUBLISHED = "87364cc2b2a76a6684929e7d6b80b18a897794db38400caff1fcf1791c6925d2"
"""Of Chart.js 4.6.1 on npm: dist/chart.umd.min.js."""
SHOWN = """(() => ({
    room: window.innerWidth, got: window.got === undefined,
    images: document.images.length, open: document.querySelectorAll("details[open]").length,
    charts: Object.values(Chart.instances).map((chart) => ({
        size: [chart.width, chart.height],
        marks: chart.data.datasets.flatMap((_, n) => chart.getDatasetMeta(n).data).length,
        drawn: new Set(chart.ctx.getImageData(0, 0, chart.canvas.width, chart.canvas.height).data).size,
    })),
    wide: (document.querySelectorAll("details").forEach((one) => { one.open = true; }),
        document.documentElement.scrollWidth),
}))()"""


@pytest.fixture
def evil() -> Report:
    return a_report(name=EVIL, said=EVIL)


def test_it_is_drawn_on_a_phone_and_on_a_screen_and_runs_nothing_else(tmp_path: Path, evil: Report) -> None:
    if (program := browser.found()) is None:
        pytest.skip(f"this machine has no browser: none of {', '.join(browser.NAMES)} is on PATH")
    file = tmp_path / "report.html"
    file.write_text(page(evil, SUNDAY), "utf-8")
    pictures = []
    with browser.browser(program) as shown:
        for width, height, dark in ((390, 844, False), (1280, 900, False), (1280, 900, True)):
            shown.open(file, width=width, height=height, dark=dark)
            found = shown.ask(SHOWN)
            assert found["wide"] <= found["room"] == width, (
                "nobody has to scroll to the side, also where every table is open"
            )
            assert found["got"], "what a provider said was run"
            assert (found["images"], found["open"], len(found["charts"])) == (0, 0, CHARTS)
            for chart in found["charts"]:
                assert chart["size"][0] > width / 4
                assert chart["size"][1] > 100
                assert chart["marks"] >= 2
                assert chart["drawn"] > 8
            picture = Image.open(io.BytesIO(shown.picture()))
            assert picture.size == (width, height)
            assert len(picture.getcolors(maxcolors=1_000_000) or []) > 50, "there is next to nothing on it"
            pictures.append(picture.convert("L"))
            assert shown.said() == ([file.as_uri()], [])
    light, dark_one = (picture.resize((1, 1)).getpixel((0, 0)) for picture in pictures[1:])
    assert isinstance(light, int)
    assert isinstance(dark_one, int)
    assert light > 200
    assert dark_one < 60


def test_who_has_no_javascript_finds_every_number_in_a_table(evil: Report) -> None:
    text = page(evil, SUNDAY)
    assert text.count("<details open=") == text.count("<details")
    said = re.sub(r"<script.*?</script>", "", text, flags=re.DOTALL)
    for words in (
        "18",
        "90%",
        "80%",
        "1 h 7 min",
        "$196.20",
        "10% more",
        "RateLimited",
        "8,900",
        "103%",
        "10,080 ticks",
    ):
        assert f">{words}<" in said or f" {words}" in said, words


def test_a_browser_is_told_to_run_the_two_scripts_of_the_page_and_nothing_else(evil: Report) -> None:
    text = page(evil, SUNDAY)
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', text)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    scripts = re.findall(r"<script>(.*?)</script>", text, flags=re.DOTALL)
    hashes = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert re.findall(r"'sha256-([^']+)'", policy[1]) == hashes
    assert len(scripts) == 2
    data = re.search(r'<script type="application/json" id="charts">(.*?)</script>', text, flags=re.DOTALL)
    assert data
    assert EVIL in [label for chart in json.loads(data[1]) for label in chart["labels"]]
    assert EVIL not in text


def test_the_library_is_byte_for_byte_the_one_that_was_published() -> None:
    library = Path(page.__code__.co_filename).parent / "chart.umd.min.js"
    assert hashlib.sha256(library.read_bytes()).hexdigest() == PUBLISHED
    assert "sourceMappingURL" not in page(a_report(), SUNDAY)
