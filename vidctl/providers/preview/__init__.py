"""The free, offline provider: draws, animates, speaks and mixes on this machine."""
