"""From nothing to an installation that runs by itself: its settings, its folders, and what starts its jobs."""
