"""Closed outlines as arrays of points, shape (n, 2): the vocabulary every drawing is made of."""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from vidctl.providers.preview.painter.colour import Floats

Point: TypeAlias = tuple[float, float]
Outline: TypeAlias = Floats


def polygon(*points: Point) -> Outline:
    """Return straight edges between the points."""
    return np.array(points, dtype=float)


def box(left: float, low: float, right: float, high: float) -> Outline:
    """Return a rectangle."""
    return polygon((left, low), (right, low), (right, high), (left, high))


def ellipse(x: float, y: float, wide: float, high: float, *, turn: float = 0.0, corners: int = 40) -> Outline:
    """Return an ellipse of these radii, turned by `turn` degrees."""
    angle = np.linspace(0, 2 * np.pi, corners, endpoint=False)
    return turned(np.stack([x + wide * np.cos(angle), y + high * np.sin(angle)], axis=1), turn, (x, y))


def ring(x: float, y: float, outer: float, inner: float, *, squash: float = 1.0) -> Outline:
    """Return a ring with a hole that can be seen through; `squash` scales its height."""
    out, into = ellipse(x, y, outer, outer * squash), ellipse(x, y, inner, inner * squash)
    return np.concatenate([out, out[:1], into[:1], into[::-1]])


def smooth(*points: Point, steps: int = 8) -> Outline:
    """Return a closed curve through the points."""
    knots = np.array(points, dtype=float)
    return _spline(np.roll(knots, 1, 0), knots, np.roll(knots, -1, 0), np.roll(knots, -2, 0), steps)


def curve(points: Sequence[Point], steps: int = 8) -> Outline:
    """Return an open curve through the points, its ends included."""
    knots = np.array(points, dtype=float)
    padded = np.concatenate([knots[:1], knots, knots[-1:]])
    inner = _spline(padded[:-3], padded[1:-2], padded[2:-1], padded[3:], steps)
    return np.concatenate([inner, knots[-1:]])


def limb(points: Sequence[Point], radii: Sequence[float], *, steps: int = 6) -> Outline:
    """Return a bent, tapering stroke with round ends; a radius for each point."""
    spine = curve(points, steps)
    at = np.linspace(0, len(radii) - 1, len(spine))
    radius = np.interp(at, np.arange(len(radii)), radii)[:, None]
    along = np.gradient(spine, axis=0)
    along /= np.maximum(np.hypot(along[:, :1], along[:, 1:]), 1e-9)
    aside = np.stack([-along[:, 1], along[:, 0]], axis=1) * radius
    start, end = _cap(spine[0], aside[0], -along[0], radius[0]), _cap(spine[-1], -aside[-1], along[-1], radius[-1])
    return np.concatenate([spine + aside, end[::-1], (spine - aside)[::-1], start[::-1]])


def line(start: Point, end: Point, radius: float) -> Outline:
    """Return a straight stroke."""
    return limb([start, end], [radius, radius], steps=1)


def arch(x: float, half: float, top: float, low: float) -> Outline:
    """Return an opening with a round head, on a sheet where y points down."""
    head = np.linspace(np.pi, 2 * np.pi, 24)
    bow = np.stack([x + half * np.cos(head), top + half + half * np.sin(head)], axis=1)
    return np.concatenate([polygon((x - half, low)), bow, polygon((x + half, low))])


def lathe(profile: Sequence[Point], *, x: float = 0.0) -> Outline:
    """Return the outline of a turned object; `profile` is (half width, height) from the foot up."""
    right = curve([(x + half, high) for half, high in profile], 5)
    left = right[::-1] * np.array([-1, 1]) + np.array([2 * x, 0])
    return np.concatenate([right, left])


def turned(outline: Outline, degrees: float, about: Point = (0, 0)) -> Outline:
    """Return the outline turned counter-clockwise about a point."""
    if not degrees:
        return outline
    cos, sin = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.asarray((outline - np.array(about)) @ np.array([[cos, sin], [-sin, cos]]) + np.array(about))


def moved(outline: Outline, x: float = 0.0, y: float = 0.0, *, scale: float = 1.0, flip: bool = False) -> Outline:
    """Return the outline scaled (and mirrored, if `flip`) about the origin, then moved."""
    return np.asarray(outline * np.array([-scale if flip else scale, scale]) + np.array([x, y]))


def _spline(before: Floats, start: Floats, end: Floats, after: Floats, steps: int) -> Outline:
    """Return Catmull-Rom pieces, `steps` points for each, without the end of the last."""
    t = np.linspace(0, 1, steps, endpoint=False)[None, :, None]
    a, b, c, d = (knots[:, None, :] for knots in (before, start, end, after))
    points = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return np.asarray(points.reshape(-1, 2))


def _cap(centre: Floats, aside: Floats, ahead: Floats, radius: Floats) -> Outline:
    angle = np.linspace(0, np.pi, 8)[1:-1, None]
    return np.asarray(centre + aside * np.cos(angle) + ahead * radius * np.sin(angle))
