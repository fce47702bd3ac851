"""Say what a film is recognised by, also where it was scaled or encoded anew: hashes of frames all over its length.

By hand: python scripts/fingerprint_film.py --film film.mp4 --output fingerprint.json
"""

import json
from pathlib import Path
from typing import Annotated

from typer import Option

from vidctl.media.likeness.film import fingerprint
from vidctl.script import Made, Output, script, written_aside


@script
def fingerprint_film(film: Annotated[Path, Option(help="the film; it is only read")], output: Output) -> Made:
    """Write one JSON document."""
    facts = fingerprint(film).as_json()
    with written_aside(output) as aside:
        aside.write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    return Made(output, facts)
