"""What makes pictures, words and sound; imported by scripts only."""
