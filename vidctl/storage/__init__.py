"""Where artifacts live: the workspace's files (and, later, object storage)."""
