"""What a film is and what may happen to it: pure, without a clock, a database or a network."""
