"""Send one message to one destination: Discord, or another that Apprise knows. Knows nothing of films or the database.

By hand: echo '{"title": "Hello", "body": "It works."}' | DISCORD_WEBHOOK_URL=... python scripts/send_alert.py
"""

import json
import os
import sys

from vidctl.providers.alerts import message, sending
from vidctl.script import tool


@tool
def send_alert() -> None:
    """Send the message that standard input holds as a JSON document."""
    said = message.read(sys.stdin.read())
    if authorities := os.environ.get("SSL_CERT_FILE"):
        os.environ.setdefault("REQUESTS_CA_BUNDLE", authorities)  # by which the library that Apprise uses knows it
    target, url = sending.destination(os.environ)
    sending.send(target, url, said)
    print(json.dumps({"delivered": True}), flush=True)
