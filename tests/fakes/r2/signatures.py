"""What R2 checks of a signature (version 4), in headers and in addresses that were signed before."""

import hashlib
import hmac
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

from tests.fakes.wire.server import Call

SKEW = timedelta(minutes=15)
WEEK_S = 604_800
REGIONS = ("auto", "us-east-1", "")
_HEADER = re.compile(r"AWS4-HMAC-SHA256 Credential=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})")


def refused(call: Call, key_id: str, secret: str, now: datetime) -> str | None:
    """Return what is the matter with a request's signature, by the name of a trouble; None: nothing."""
    if "X-Amz-Signature" in call.query:
        return _of_address(call, key_id, secret, now)
    if (found := _HEADER.fullmatch(call.headers.get("authorization", ""))) is None:
        return "unauthorized"
    payload = call.headers.get("x-amz-content-sha256", "")
    at = call.headers.get("x-amz-date", "")
    if re.fullmatch("[0-9a-f]{64}", payload) and payload != hashlib.sha256(call.content).hexdigest():
        return "damaged"
    if abs(now - _moment(at)) > SKEW:
        return "clock"
    return _compared(call, found[1], found[2], found[3], at, payload, key_id, secret)


def _of_address(call: Call, key_id: str, secret: str, now: datetime) -> str | None:
    query = {name: values[0] for name, values in call.query.items()}
    lasts_s, at = int(query["X-Amz-Expires"]), query["X-Amz-Date"]
    if not 1 <= lasts_s <= WEEK_S:
        return "expires_too_late"
    if now > _moment(at) + timedelta(seconds=lasts_s):
        return "expired"
    signed, signature = query["X-Amz-SignedHeaders"], query["X-Amz-Signature"]
    return _compared(call, query["X-Amz-Credential"], signed, signature, at, "UNSIGNED-PAYLOAD", key_id, secret)


def _compared(
    call: Call, credential: str, signed: str, signature: str, at: str, payload: str, key_id: str, secret: str
) -> str | None:
    whose, day, region, service, _ = credential.split("/")
    if whose != key_id:
        return "unauthorized"
    if region not in REGIONS or service != "s3":
        return "signature"
    headers = "".join(f"{name}:{' '.join(call.headers.get(name, '').split())}\n" for name in signed.split(";"))
    canonical = "\n".join((call.method, call.path, _query(call), headers, signed, payload))
    scope = f"{day}/{region}/{service}/aws4_request"
    to_sign = f"AWS4-HMAC-SHA256\n{at}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    key = f"AWS4{secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return None if hmac.new(key, to_sign.encode(), "sha256").hexdigest() == signature else "signature"


def _query(call: Call) -> str:
    pairs = [(name, value) for name, values in call.query.items() if name != "X-Amz-Signature" for value in values]
    return "&".join(sorted(f"{quote(name, safe='-_.~')}={quote(value, safe='-_.~')}" for name, value in pairs))


def _moment(at: str) -> datetime:
    return datetime.strptime(at, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
