"""What cron was told: each thing once while it lasts, and now and then again, or it mails the same every minute."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from vidctl.store import Db
from vidctl.store.texts import storable

AGAIN_AFTER: Final = timedelta(hours=6)
GONE_AFTER: Final = timedelta(hours=2)
"""How long nobody met something before it is well again. A tick does not look at everything: comments are read in turn,
boards only while Notion answers, and some cards are met once an hour, when all are read. This is twice that.
"""
KEY: Final = 600
"""Characters of a sentence that tell it from others: an index holds 2,700 bytes, and a character has up to four."""

_SAY: Final = """
    insert into notices as old (host, sentence, said_at, seen_at)
    select %(host)s, sentence, %(now)s, %(now)s from unnest(%(keys)s::text[]) sentence
        on conflict (host, sentence) do update set said_at = excluded.said_at where old.said_at <= %(before)s
    returning sentence
"""


def unsaid(db: Db, host: str, sentences: Sequence[str], *, now: datetime) -> set[str]:
    """Return those of all that is wrong now on a host that have to be said there, and remember that they are.

    What was not wrong for a while is forgotten: if it comes back, it is news.
    """
    keys = {_key(sentence): sentence for sentence in sentences}
    with db.transaction():
        db.execute("delete from notices where host = %s and seen_at <= %s", (host, now - GONE_AFTER))
        if not keys:
            return set()
        db.execute("update notices set seen_at = %s where host = %s and sentence = any(%s)", (now, host, list(keys)))
        rows = db.execute(_SAY, {"host": host, "keys": list(keys), "now": now, "before": now - AGAIN_AFTER})
        return {keys[row[0]] for row in rows}


def last_alerted(db: Db, kind: str, *, after: datetime) -> str | None:
    """Return what of a kind of alert any host met last since a moment; None where none met any."""
    row = db.execute(
        """select a.message from notices n join alerts a on left(a.message, %s) = n.sentence
            where a.kind = %s and n.seen_at > %s
            order by n.seen_at desc, a.created_at desc limit 1""",
        (KEY, kind, after),
    ).fetchone()
    return row[0] if row else None


def _key(sentence: str) -> str:
    return storable(sentence)[:KEY]
