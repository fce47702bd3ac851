"""The board a person plans on: Notion, or the local one."""
