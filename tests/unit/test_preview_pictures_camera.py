"""Camera moves: read from words, smooth to a fraction of a pixel."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from vidctl.media.planes import FRAME, Planes
from vidctl.providers.preview import camera

FRAMES = 240


def path(motion: str, *, take: int = 1, note: str = "") -> np.ndarray:
    """Boxes of shape (frames, 4)."""
    return np.array(list(camera.boxes(camera.move(motion, take=take, note=note), FRAMES, FRAME)))


def width(boxes: np.ndarray) -> np.ndarray:
    return np.asarray(boxes[:, 2] - boxes[:, 0])


def middle(boxes: np.ndarray) -> np.ndarray:
    return np.asarray((boxes[:, :2] + boxes[:, 2:]) / 2)


@pytest.mark.parametrize(
    "motion", ["slow push in", "zoom in", "dolly in on the face", "the camera moves slowly closer"]
)
def test_a_push_shows_less_and_less(motion: str) -> None:
    wide = width(path(motion))
    assert (np.diff(wide) <= 0).all()
    assert wide[-1] < 0.93 * wide[0]


@pytest.mark.parametrize("motion", ["slow pull out", "zoom out", "dolly back", "pulls back to reveal the valley"])
def test_a_pull_shows_more_and_more(motion: str) -> None:
    wide = width(path(motion))
    assert (np.diff(wide) >= 0).all()
    assert wide[-1] > 1.07 * wide[0]


@pytest.mark.parametrize(
    ("motion", "right", "down"),
    [
        ("slow pan right", 1, 0),
        ("slow pan left", -1, 0),
        ("pan from left to right", 1, 0),
        ("pan across, right to left", -1, 0),
        ("gentle drift to the left", -1, 0),
        ("slow tilt up", 0, -1),
        ("tilt down to the sea", 0, 1),
        ("the camera rises", 0, -1),
        ("pan left and tilt down", -1, 1),
    ],
)
def test_a_pan_goes_where_it_is_told(motion: str, right: int, down: int) -> None:
    travelled = middle(path(motion))[-1] - middle(path(motion))[0]
    for moved, wanted in zip(travelled, (right, down), strict=True):
        assert moved * wanted > 60 if wanted else abs(moved) < 1


def test_moves_combine() -> None:
    boxes = path("slow push in, drifting right")
    assert width(boxes)[-1] < width(boxes)[0]
    assert middle(boxes)[-1, 0] > middle(boxes)[0, 0] + 60


def test_a_still_camera_breathes_a_little() -> None:
    wide = width(path("static shot, hold"))
    assert 0.93 < wide[-1] / wide[0] < 0.97


def test_slow_is_slower_and_fast_is_faster() -> None:
    reach = {how: width(path(f"{how} zoom in"))[-1] for how in ("slow", "steady", "fast")}
    assert reach["slow"] > reach["steady"] > reach["fast"]


def test_the_next_take_differs_and_its_note_is_heard() -> None:
    assert not np.allclose(path("slow push in"), path("slow push in", take=2))
    left = path("a calm shot", take=2, note="pan left instead")
    assert middle(left)[-1, 0] < middle(left)[0, 0]


def test_a_move_starts_and_ends_at_rest() -> None:
    steps = np.diff(camera.eased(FRAMES))
    assert steps[0] < 0.01 * steps.max()
    assert steps[-1] < 0.01 * steps.max()
    assert (steps >= 0).all()
    assert np.abs(np.diff(steps)).max() < 0.06 * steps.max()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=60), st.integers(1, 9), st.integers(1, 400), st.text(max_size=20))
def test_whatever_is_asked_every_frame_lies_in_the_picture_and_keeps_its_shape(
    motion: str, take: int, frames: int, note: str
) -> None:
    boxes = np.array(list(camera.boxes(camera.move(motion, take=take, note=note), frames, FRAME)))
    assert boxes.shape == (frames, 4)
    assert (boxes[:, :2] > -1e-6).all()
    assert (boxes[:, 2] < FRAME[0] + 1e-6).all()
    assert (boxes[:, 3] < FRAME[1] + 1e-6).all()
    assert np.allclose(width(boxes) * 9, (boxes[:, 3] - boxes[:, 1]) * 16)
    assert width(boxes).min() > camera.MIN_CROP * FRAME[0]


def marked() -> Planes:
    """A dark picture with one soft bright spot."""
    picture = Image.new("RGB", FRAME, (20, 24, 30))
    ImageDraw.Draw(picture).ellipse((900, 480, 1020, 600), fill=(240, 230, 210))
    return Planes.of(picture)


def spot(planes: Planes, box: camera.Box) -> np.ndarray:
    """Where the spot is seen in a frame: the centre of its brightness, in pixels."""
    luma = np.frombuffer(planes.seen(box)[0], np.uint8).reshape(FRAME[1], FRAME[0]).astype(np.float64)
    weight = np.clip(luma - 60, 0, None)
    rows, columns = weight.sum(axis=1), weight.sum(axis=0)
    return np.asarray(np.array([columns @ np.arange(FRAME[0]), rows @ np.arange(FRAME[1])]) / weight.sum())


@pytest.mark.parametrize("motion", ["very slow pan right", "slow push in, tilt up"])
def test_what_is_seen_moves_without_a_tremble(motion: str) -> None:
    planes, boxes = marked(), list(camera.boxes(camera.move(motion), FRAMES, FRAME))[60:96]
    places = np.array([spot(planes, box) for box in boxes])
    wanted = np.array([
        ((960 - left) / (right - left) * FRAME[0], (540 - top) / (low - top) * FRAME[1])
        for left, top, right, low in boxes
    ])  # fmt: skip
    error = places - wanted
    assert np.abs(error - error.mean(axis=0)).max() < 0.03, "no frame is off its path by more than 3 % of a pixel"
    steps = np.diff(places, axis=0)
    for axis in (0, 1):
        if np.abs(steps[:, axis]).mean() > 0.05:
            assert (np.sign(steps[:, axis]) == np.sign(steps[0, axis])).all(), "it never goes back"


def test_a_whole_still_keeps_its_colours() -> None:
    planes = Planes.of(Image.new("RGB", FRAME, (200, 60, 40)))
    luma, colours = (np.frombuffer(plane, np.uint8) for plane in planes.seen((0.0, 0.0, 1920.0, 1080.0)))
    assert (len(luma), len(colours)) == (1920 * 1080, 2 * 960 * 540)
    blue, red = colours[::2], colours[1::2]
    assert luma.mean() == pytest.approx(92, abs=1.5)  # BT.709, limited range
    assert blue.mean() == pytest.approx(105, abs=1.5)
    assert red.mean() == pytest.approx(190, abs=1.5)
