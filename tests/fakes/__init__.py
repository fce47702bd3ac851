"""Faithful stand-ins that tests run as real programs or real servers."""
