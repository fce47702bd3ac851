"""Judge an artifact that came from outside: does it decode, and is there anything in it?

One module for each kind of file, imported only for that kind: this runs some eighty times a film.
"""
