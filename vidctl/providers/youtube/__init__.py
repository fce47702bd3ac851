"""YouTube: one film goes up once, on the channel that it is for, and is read back."""
