"""The picture of an order, fetched as the service does it: really."""

from io import BytesIO

import httpx
from PIL import Image

TIMEOUT_S = 5.0
AGENT = "Mozilla/5.0 (kie)"


def trouble_with(url: str) -> tuple[str, str] | None:
    """Return the failCode and failMsg for a picture that cannot be had or used; None for one that can."""
    try:
        # Only loopback is ever asked, and to read the list of authorities takes longer than all the rest.
        answer = httpx.get(url, trust_env=False, verify=False, timeout=TIMEOUT_S, headers={"User-Agent": AGENT})
    except (httpx.HTTPError, httpx.InvalidURL) as exc:
        return "500", f"image fetch failed: {exc}"
    if answer.status_code != 200:
        return "500", f"image fetch failed: status {answer.status_code}"
    return _trouble_with(answer.content)


def _trouble_with(content: bytes) -> tuple[str, str] | None:
    try:
        with Image.open(BytesIO(content), formats=("PNG", "JPEG")) as image:
            width, height = image.size
    except OSError:
        return "422", "The image format is not supported"
    if len(content) > 10_000_000:
        return "422", "The image is larger than 10MB"
    if min(width, height) <= 300 or max(width, height) > 2.5 * min(width, height):
        return "422", "The size of the image is not supported"
    return None
