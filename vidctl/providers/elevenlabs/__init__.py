"""Voices and sounds of ElevenLabs: one order at a time, and what becomes of it said as the contract wants it."""
