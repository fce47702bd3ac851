"""The long form of a test that breaks things: it runs with `pytest -m chaos` alone."""

import pytest


def long(*values: object) -> object:
    """Return the parameters of a test's long form."""
    return pytest.param(*values, marks=pytest.mark.chaos)
