"""R2 on loopback, started by hand.

    python -m tests.fakes.r2 --port N [--faults SPEC.json]

`--port 0` picks a free port. Prints the settings that a client needs.
"""

from collections.abc import Sequence

from tests.fakes.r2 import FakeR2, Moto
from tests.fakes.wire.by_hand import main


def _says(fake: FakeR2) -> Sequence[str]:
    return [f"{name}={value}" for name, value in (*fake.environment.items(), ("R2_PUBLIC_URL", fake.public_url))]


if __name__ == "__main__":
    with Moto() as moto:
        main(lambda **options: FakeR2(moto.url, **options), _says, name="r2", about="Cloudflare R2 on loopback")
