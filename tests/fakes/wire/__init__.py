"""What the fakes of the paid services have in common: a server on loopback, faults, and a ledger of what was sold."""
