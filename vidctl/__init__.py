"""vidctl: films planned as cards, made step by step by cron, published with a person's approval."""

import sys

__version__ = "0.1.0"

# httpx imports a command line of its own, with rich and pygments: 70 ms of each script and each reading of a board.
sys.modules.setdefault("httpx._main", None)  # type: ignore[arg-type]  # None: it is not to be imported
