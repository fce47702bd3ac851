"""No secret gets through, whatever it is wrapped in."""

import base64
import json
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from vidctl import masking
from vidctl.masking import MASK, by_pattern, masked, secrets_of

NAMES = "[KIE_API_KEY][NOTION_TOKEN]" + MASK
SECRET = st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zs", "Zl", "Zp")), min_size=6)
ENCODED = (
    lambda value: value,
    lambda value: quote(value, safe=""),
    lambda value: json.dumps({"deep": [value]}),
    lambda value: base64.b64encode(f"user:{value}".encode()).decode(),
    lambda value: value.encode().hex(),
)


@settings(max_examples=40, deadline=None)
@given(value=SECRET, before=st.text(), after=st.text(), way=st.sampled_from(ENCODED))
def test_a_value_that_is_known_is_read_nowhere(value: str, before: str, after: str, way: Callable[[str], str]) -> None:
    assume(value not in NAMES)
    said = masked(before + way(value) + after, secrets_of({"KIE_API_KEY": value}))
    assert value not in said
    assert way is ENCODED[0] or len(value) < 9 or way(value) not in said


@settings(max_examples=20, deadline=None)
@given(st.data())
def test_a_value_that_is_broken_over_lines_is_read_nowhere(data: st.DataObject) -> None:
    value = data.draw(st.text("abcdefgh0123456789-_", min_size=20, max_size=60))
    cuts = sorted(data.draw(st.sets(st.integers(1, len(value) - 1), min_size=1, max_size=3)))
    pieces = [value[start:end] for start, end in zip([0, *cuts], [*cuts, None], strict=True)]
    said = masked(
        "why: " + data.draw(st.sampled_from(("\n", " \n  ", "\\\n", "│\n│"))).join(pieces),
        secrets_of({"NOTION_TOKEN": value}),
    )
    assert said == "why: [NOTION_TOKEN]"


VALUE = "k/+&'0123456789"


@pytest.mark.parametrize("written", ["k%2f%2b%26%270123456789", "k%2F%2B%26%270123456789", "k/+&amp;&#x27;0123456789"])
def test_a_value_is_known_as_addresses_and_pages_write_it(written: str) -> None:
    assert masked(f"at {written} it", secrets_of({"KIE_API_KEY": VALUE})) == "at [KIE_API_KEY] it"


def test_a_value_that_its_own_name_holds_is_not_shown_by_that() -> None:
    assert masked("API_KEY", secrets_of({"KIE_API_KEY": "API_KEY"})) == MASK


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Authorization: Bearer abc.def-ghi_123", "abc.def"),
        ("{'authorization': 'Basic dXNlcjpwYXNzd29yZA=='}", "dXNlcjpw"),
        ('headers {"xi-api-key": "0123456789abcdef"}', "0123456789"),
        ("the key AIzaSyA1234567890abcdefghijklmnopqrstuv is bad", "SyA1234567890"),
        ("sk_0123456789abcdef0123 and ntn_0123456789abcdef0123", "0123456789"),
        ("secret_0123456789abcdefABCDEF", "0123456789"),
        ("ya29.a0AfH6SMBxxxxxxxxxxxxxxxx and 1//0gAbCdEfGhIjKlMnOpQr", "AfH6SMB"),
        ("sealed gAAAAABl0123456789abcdefghijklmnopqrstuvwxyz0123456789==", "0123456789"),
        ("https://discord.com/api/webhooks/123456/AbCdEf-ghi", "AbCdEf"),
        ("https://discordapp.com/api/v10/webhooks/123456/AbCdEf-ghi", "AbCdEf"),
        ("https://hooks.slack.com/services/T0/B0/abcdefgh", "abcdefgh"),
        ("GET https://x.r2.dev/f.mp4?X-Amz-Signature=abcdef0123456789&x=1", "abcdef0123"),
        ("GET https://maps.dev/?q=1&key=abcdef0123 failed", "abcdef0123"),
        ("?token=abcdef0123", "abcdef0123"),
        ('{"refresh_token": "abcdef0123"}', "abcdef0123"),
        ("postgresql://ana:pa55word@db.example:5432/vidctl", "pa55word"),
        ("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abcdefghijk", "eyJzdWIi"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----", "MIIEvQ"),
    ],
)
def test_what_looks_like_a_secret_is_masked(text: str, secret: str) -> None:
    said = by_pattern(text)
    assert secret not in said
    assert MASK in said


@pytest.mark.parametrize(
    "text",
    [
        "task_errors of 3f2a: clip 3 took too long (KIE)",
        "a monkey=banana; the keyword: nothing; https://youtu.be/abcdefghijk?t=10",
        "the token of channel one is missing: vidctl auth youtube --channel one",
        "generate_audio.py: quota exceeded for the secret_garden (Basic authentication needed)",
    ],
)
def test_ordinary_words_stay(text: str) -> None:
    assert by_pattern(text) == text


@pytest.mark.parametrize(("written", "password"), [("pa55word", "pa55word"), ("p%40%2Fssword", "p@/ssword")])
def test_the_password_of_the_database_is_a_secret_too(written: str, password: str) -> None:
    secrets = secrets_of({"DATABASE_URL": f"postgresql://ana:{written}@db/vidctl"})
    for said in (written, password):
        assert masking.by_value(f"password authentication failed: {said}", secrets) == (
            "password authentication failed: [DATABASE_URL]"
        )


@pytest.mark.parametrize("piece", ["a.", "eyJ-", " ", "x://u:", "key=", "\t\n", "authorization "])
def test_a_long_text_takes_no_longer_than_it_is_long(piece: str) -> None:
    """Squared, a minute and more; this is what a provider may send."""
    begun = time.process_time()
    masked(piece * 40_000 + "\n", secrets_of({"KIE_API_KEY": "0123456789abcdef0123"}))
    assert time.process_time() - begun < 3
