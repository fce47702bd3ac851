"""Ticks and steps: the only part that makes things happen."""
