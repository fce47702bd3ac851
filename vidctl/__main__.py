"""`python -m vidctl` is `vidctl`."""

from vidctl.cli.app import main

main()
