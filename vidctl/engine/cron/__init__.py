"""Cron where there is none: the first process of a container starts jobs, and ends all that they left running."""
