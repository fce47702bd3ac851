"""Backups: the database, the settings and what else cannot be made again, in one file; and back from it."""
