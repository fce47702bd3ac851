"""Cloudflare R2 on loopback: moto keeps the objects, and what R2 does otherwise than S3 stands in front of it.

In tests `FakeR2` is a context manager in front of a `Moto` that a module's tests share; by hand it is
`python -m tests.fakes.r2 --port N`.
"""

from tests.fakes.r2.fake import FakeR2
from tests.fakes.r2.moto import Moto

__all__ = ["FakeR2", "Moto"]
