"""Make, complete and check the Notion databases that boards are kept in; what is there is never removed or renamed."""
