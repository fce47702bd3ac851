"""Telling people what needs them: what is looked for, where it goes, and that it arrives."""
