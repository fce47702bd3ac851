"""What nobody works with any more is taken off this machine and out of the database, and never an only copy.

Each machine sees to its own disk, one process at a time. A film is looked at again while its lock is held, and its
rows say that files are gone before the first one goes: broken off anywhere, the next run ends what was begun.
"""
