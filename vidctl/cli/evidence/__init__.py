"""The evidence that people reviewed films, as a page, a sheet or data. Nothing in here is trusted to be harmless."""
