"""What can be wrong with an installation, and how each thing is cured."""
