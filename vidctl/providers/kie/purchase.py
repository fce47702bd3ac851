"""A clip from the picture to the file: put the picture where KIE sees it, order, wait, fetch."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from vidctl.contract import Balance, Basis, Cost, ErrorClass, Scope, ScriptError, Submitted
from vidctl.errors import Misconfigured
from vidctl.providers.kie import balance, models, ordering, records, waiting
from vidctl.providers.kie.account import Account
from vidctl.providers.kie.connection import Connection
from vidctl.providers.kie.download import Download, Judge
from vidctl.providers.kie.errors import NO_CREDITS
from vidctl.providers.kie.models import Wanted
from vidctl.providers.kie.ordering import COMPONENT, Patience
from vidctl.providers.kie.records import Record
from vidctl.script import say


@dataclass(frozen=True, slots=True)
class Purchase:
    """One account's dealings about clips."""

    account: Account
    patience: Patience
    plays: Judge
    """Says what is wrong with a file that was fetched, or nothing."""

    def buy(self, wanted: Wanted, hosted: Callable[[], str]) -> str:
        """Order a clip and return its job's id, which was said as soon as it was known.

        `hosted` puts the picture somewhere and returns its address; it is asked once all else is known to be well.

        Raises:
            ScriptError: nothing was bought; or, `in_doubt`, nobody knows.
            Misconfigured: nobody knows what it costs.
        """
        cost_usd = self.account.clip_usd(wanted.model, wanted.seconds)
        if cost_usd is None:
            raise Misconfigured(
                f"nobody knows what {wanted.seconds} s of {wanted.model} cost",
                hint="add it to the prices: section of _defaults.yaml, as clip_5s and clip_10s in dollars",
            )
        document = models.order(wanted, hosted())
        with self.account.connected() as kie:
            self._require_credits(kie, cost_usd)
            try:
                job_id = ordering.order(self.account, document, cost_usd, self.patience)
            except ScriptError as exc:
                if exc.failure.in_doubt:
                    time.sleep(self.patience.poll_s)  # an order that was taken may be charged a little later
                    self._say_balance(kie)
                raise
            say(Submitted(job_id))
            self._say_balance(kie)
        return job_id

    def collect(self, job_id: str, wanted: Wanted, file: Path, *, resumed: bool) -> Record:
        """Wait for a job, say what it cost, and write its clip to `file`.

        Raises:
            ScriptError: it goes on, has failed, or its clip cannot be had.
        """
        with self.account.connected() as kie:
            record = waiting.ended(kie, job_id, self.patience, resumed=resumed)
        self._say_cost(record, wanted)
        if record.state == "fail":
            raise records.failed(record, job_id, wanted.prompt)
        if record.model != wanted.model:
            complain(f"job {job_id} was made by {record.model or 'an unnamed model'}, and {wanted.model} was ordered")
        Download(self.account, job_id, self.plays, self.patience.poll_s).fetch(record.urls, file)
        return record

    def _require_credits(self, kie: Connection, cost_usd: Decimal) -> None:
        left_usd = self._say_balance(kie)
        if left_usd is None or left_usd >= cost_usd:
            return
        raise ScriptError(
            NO_CREDITS.message.format(said=f"${left_usd:.2f} are left, and the clip costs ${cost_usd:.2f}"),
            hint=NO_CREDITS.hint,
            error_class=ErrorClass.QUOTA,
            scope=Scope.SERVICE,
            error_type=NO_CREDITS.error_type,
        )

    def _say_cost(self, record: Record, wanted: Wanted) -> None:
        """Say what was charged. That a clip which was made took nothing is not believed: the list price holds then."""
        seconds, counted = Decimal(wanted.seconds), self.account.credits_usd(record.credits or Decimal(0))
        if counted:
            say(Cost(COMPONENT, seconds, counted, Basis.PROVIDER))
        elif record.state == "success" and (listed := self.account.clip_usd(wanted.model, wanted.seconds)):
            say(Cost(COMPONENT, seconds, listed, Basis.LIST_PRICE))
        elif record.state == "success":
            complain("neither KIE nor the price list says what this clip cost")

    def _say_balance(self, kie: Connection) -> Decimal | None:
        """Say what is left, and return it in dollars; None where that is not known, which is no reason not to order."""
        try:
            left_usd = self.account.credits_usd(balance.left(kie, pause_s=self.patience.poll_s))
        except ScriptError as exc:
            complain(str(exc))
            return None
        if left_usd is not None:
            say(Balance(left_usd))
        return left_usd


def complain(words: str) -> None:
    """Tell the person who reads the log; nothing depends on it."""
    print(f"warning: {words}", file=sys.stderr)
