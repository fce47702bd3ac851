"""All commands: each module registers its own with `app`, in the order in which help shows them."""

from vidctl.cli.app import app  # isort: skip

from vidctl.cli.demo import command as demo  # noqa: F401  # isort: skip
from vidctl.cli import (  # noqa: F401
    add,
    alerts,
    audit,
    auth,
    auth_keys,
    auth_status,
    backup,
    channel,
    cleanup,
    costs,
    cron,
    cron_loop,
    db,
    doctor,
    explain,
    health,
    history,
    import_films,
    inbox,
    init,
    install_cron,
    logs,
    moves,
    notion,
    promote,
    restore,
    review,
    schedule,
    services,
    settle,
    simulate,
    status,
    storyboard,
    sync,
    takes,
    upload,
)

from vidctl.cli.evidence import command as evidence  # noqa: F401  # isort: skip
from vidctl.cli.report import command as report  # noqa: F401  # isort: skip

__all__ = ["app"]
