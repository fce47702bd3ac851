"""The picture that stands for a film where people choose: its best composite, with large words on it.

The typeface is Roboto Condensed Black, with the Latin, Greek and Cyrillic letters; its licence lies beside it.
"""
