"""Telling people, wherever they read: one message to one destination, by Apprise."""
