"""The commands. Each reads its arguments, calls down once, and says what changed."""
