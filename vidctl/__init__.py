"""vidctl: films planned as cards, made step by step by cron, published with a person's approval."""

__version__ = "0.1.0"
