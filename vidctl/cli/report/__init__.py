"""`vidctl report`: how a week went, for a terminal, a pipe, a program or a browser."""
