"""SQL is written beside the function that runs it, in `vidctl/store`, and nowhere else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STATEMENT = re.compile(
    r"""\s*(
        select\s | with\s[\s\S]+\bas\b[\s\S]*\( | insert\s+into\s | update\s+[\s\S]+\sset\s | delete\s+from\s
      | merge\s+into\s | truncate\s+(table\s)? \w+\s*\Z | copy\s+\w+\s*(\(|from|to\s) | lock\s+table\s
      | (create|alter|drop)\s+(or\s+replace\s+)?
        (table|index|view|function|trigger|type|schema|sequence|database|role|user|extension|system|unique|temp)\b
      | set\s+((local|session)\s|\w+\s*=\s) | listen\s+\w+\s*\Z | notify\s+\w+ | begin\s*\Z | commit\s*\Z
    )""",
    re.IGNORECASE | re.VERBOSE,
)
STATUS = re.compile(r"\bupdate\s+tasks\b(\s+\w+)?\s+set\s((?!\bwhere\b)[\s\S])*?(?<=[\s,])status\s*=", re.IGNORECASE)
CATALOG = re.compile(
    r"\bpg_(stat_\w+|locks|catalog|database|roles|class|terminate_backend|cancel_backend|advisory_\w+)\b"
)


def sql_in(path: Path) -> list[str]:
    """Return the strings of a module that are statements or name the server's own tables, each with its place."""
    return [
        f"{path.relative_to(ROOT)}:{line}: {' '.join(text.split())[:60]}"
        for line, text in _strings(ast.parse(path.read_text()))
        if STATEMENT.match(text) or CATALOG.search(text)
    ]


def _strings(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield every string but docstrings: they may speak of what a statement does."""
    prose = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield node.lineno, node.value


def test_there_is_no_sql_outside_the_store() -> None:
    modules = [path for path in (ROOT / "vidctl").rglob("*.py") if "store" not in path.relative_to(ROOT).parts]
    modules += (ROOT / "scripts").rglob("*.py")
    assert [found for path in sorted(modules) for found in sql_in(path)] == []


def test_one_module_writes_the_status_of_a_film() -> None:
    modules = (ROOT / "vidctl" / "store").rglob("*.py")
    texts = ((path.stem, text) for path in modules for _, text in _strings(ast.parse(path.read_text())))
    assert {module for module, text in texts if STATUS.search(text)} == {"moves"}


@pytest.mark.parametrize("module", ["artifacts", "channels", "failures", "locks", "moves", "picks", "reports", "ticks"])
def test_sql_is_known_when_it_is_seen(module: str) -> None:
    assert sql_in(ROOT / "vidctl" / "store" / f"{module}.py") != []
