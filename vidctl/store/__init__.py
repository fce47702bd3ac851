"""The only place with SQL: functions that run it through psycopg and return small frozen dataclasses."""

from typing import Any, TypeAlias

import psycopg

Db: TypeAlias = "psycopg.Connection[Any]"
"""A connection in autocommit: one statement is one transaction unless the caller opens a larger one."""
