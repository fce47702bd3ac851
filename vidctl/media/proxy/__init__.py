"""Small files that show what is in large ones."""
