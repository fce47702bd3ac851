"""ElevenLabs on loopback: its voices, its sounds, its quota, and its troubles."""

from tests.fakes.elevenlabs.fake import FakeElevenLabs

__all__ = ["FakeElevenLabs"]
