"""The document that says what is said of a film where it is published."""

from pathlib import Path

from vidctl.domain.publication import Publication, parse
from vidctl.errors import BadInput, NotFound


def read(path: Path) -> Publication:
    """Return what a document says.

    Raises:
        NotFound: there is no such file.
        BadInput: it is no such document; the message names the file and the field.
    """
    try:
        return parse(path.read_bytes())
    except OSError as exc:
        raise NotFound(f"cannot read {path}: {exc.strerror or exc}", hint="give --metadata a file that exists") from exc
    except BadInput as exc:
        raise BadInput(f"{path}: {exc}", hint=exc.hint) from exc
