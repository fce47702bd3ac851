"""A command that cron starts 1,440 times a day imports only what it uses."""

import subprocess
import sys


def test_a_client_over_http_brings_no_command_line_of_its_own_along() -> None:
    code = "import sys, vidctl.providers.http; print(sorted({'rich', 'pygments', 'click'} & sys.modules.keys()))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout == "[]\n"
