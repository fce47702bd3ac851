"""What the fakes of services have in common: a server on loopback, faults, and a ledger of what was asked and sold."""
