"""How fast all processes on all hosts together may ask a service: one row, by the database's clock.

Each request takes the next turn, `SPACING_S` after the one before. A library's limiter was looked at and does
not fit: pyrate-limiter's PostgreSQL bucket wants a pool of connections, makes tables of its own, locks them
whole for each request, and has no place for a `Retry-After` that holds for everybody.
"""

import time
from dataclasses import dataclass
from typing import Final

from vidctl.store import Db

SPACING_S: Final = 0.4
"""Two and a half requests a second. Four would fall into one second only if one came 0.2 s late, and the next not."""
MOST_LATE_S: Final = 0.1
"""Who wakes up later than this after its turn has lost it, and takes another."""

_TAKE: Final = """
    insert into pace as p (service, free_at) values (%(service)s, clock_timestamp())
    on conflict (service) do update
       set free_at = greatest(p.free_at + %(spacing)s * interval '1 second', clock_timestamp())
     where p.free_at + %(spacing)s * interval '1 second' <= clock_timestamp() + %(patience)s * interval '1 second'
    returning extract(epoch from free_at - clock_timestamp())::float8
"""

_REST: Final = """
    insert into pace as p (service, free_at) values (%(service)s, clock_timestamp() + %(seconds)s * interval '1 second')
    on conflict (service) do update set free_at = greatest(p.free_at, excluded.free_at)
"""


@dataclass(frozen=True, slots=True)
class SharedPace:
    """The turns of one service, taken through one connection outside of any transaction."""

    db: Db
    service: str = "notion"
    spacing_s: float = SPACING_S

    def wait(self, patience_s: float) -> bool:
        """Wait for the next turn; False, at once, when it comes later than in `patience_s`."""
        until = time.monotonic() + patience_s
        while (left_s := until - time.monotonic()) > 0:
            row = self.db.execute(
                _TAKE, {"service": self.service, "spacing": self.spacing_s, "patience": left_s}
            ).fetchone()
            if row is None:
                return False
            turn = time.monotonic() + row[0]
            time.sleep(max(0.0, row[0]))
            if time.monotonic() <= turn + MOST_LATE_S:
                return True
        return False

    def rest(self, seconds: float) -> None:
        """Let nobody send anything for so long."""
        self.db.execute(_REST, {"service": self.service, "seconds": seconds})
