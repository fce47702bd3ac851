"""Authorize a channel on YouTube, in a browser: the same as `vidctl auth youtube`.

By hand: python scripts/setup_channel_oauth.py --channel history
"""

import sys

from vidctl.cli.app import run

if __name__ == "__main__":
    sys.exit(run(["auth", "youtube", *sys.argv[1:]]))
