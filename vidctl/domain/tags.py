"""What a film is found by: its tags and hashtags, from its channel and its topic. Pure."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from typing import Final

from vidctl.domain.cutting import is_seen, one_line, utf16_units

MOST_UNITS: Final = 500
"""Of all tags of a film, with a comma between two and two quotes around one that has a space."""
MOST_HASHTAGS: Final = 15
"""YouTube passes over all of them where there are too many."""

_LONGEST_OF_TOPIC: Final = 60
_MOST_WORDS: Final = 12
_MOST_WORDS_OF_HASHTAG: Final = 3
_MOST_HASHTAGS_OF_TOPIC: Final = 3
_SHORTEST_WORD: Final = 4
_SHORTEST_NAME: Final = 3
_DIGITS_OF_YEAR: Final = 4
_WORD: Final = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_APOSTROPHES: Final = str.maketrans("", "", "'’")
_PART: Final = re.compile(rf"{_WORD.pattern}|[^\w\s]")
"""A word, or a mark that ends a name."""
_AFTER_STOP: Final = re.compile(r"(?<=\w\w\w)[.!?:;…] ")
_MOST_WORDS_OF_NAME: Final = 3
_SMALL_WORDS: Final = """
    a an and are as at but by can das del der des did die du el ein et for had has her his how in is its la las le
    les los not of on or our que she st the to una und une was who why you about above after again also among
    because been before being below between beyond both could does done down each even ever every from have having
    here history into itself just know like made make many more most much must near never only onto other over said
    same shall should since some story such than that their them then there these they this those through under
    until upon very want were what when where which while whose will with within without would your acerca ante
    antes aquel aquella como cuando cual desde donde durante ella ellos entre esta estas este estos fueron hacia
    hasta historia mientras para pero porque quien segun sobre todo todos avec cette ceux comme dans elle elles
    etait histoire leur leurs mais nous pour quand sans sont sous tout tous vers vous aber alle auch beim dann dass
    dein denn deren diese dieser dieses durch eine einem einen einer eines geschichte haben ihre ihrer immer mein
    nach nicht noch oder ohne sein seine seiner sich sind ueber über unter viele waren warum wenn werden wird wurde
    zwischen estão isso mesmo muito pela pelo quando seus suas também uma
"""
"""What nobody looks a film up by, in some of the languages of topics."""
_SMALL: Final = frozenset(_SMALL_WORDS.split())


def tags(own: Iterable[str], topic: str) -> tuple[list[str], list[str]]:
    """Return the tags of a film, its channel's `own` first, and those for which there was no room."""
    wanted = _each_once(one_line(part.replace('"', " ")) for text in own for part in text.split(","))
    wanted = _each_once([*wanted, *_of_topic(topic)])
    kept = list(wanted)
    while units(kept) > MOST_UNITS:
        kept.pop()
    return kept, wanted[len(kept) :]


def units(kept: Sequence[str]) -> int:
    """Return how much of `MOST_UNITS` some tags take."""
    return sum(utf16_units(tag) + 2 * (" " in tag) for tag in kept) + max(0, len(kept) - 1)


def hashtags(own: Iterable[str], topic: str) -> list[str]:
    """Return the hashtags of a film, its channel's `own` first: "#SaltRoad"."""
    whole = one_line(topic)
    few = 0 < len(whole.split()) <= _MOST_WORDS_OF_HASHTAG
    of_topic = ([whole] if few else [*_names(whole)])[:_MOST_HASHTAGS_OF_TOPIC]
    found = _each_once(map(_hashtag, [*own, *(each for each in of_topic if utf16_units(each) <= _LONGEST_OF_TOPIC)]))
    return found[:MOST_HASHTAGS]


def _hashtag(text: str) -> str:
    """Return letters and digits as one word with a capital for each that it was; "" where no letter is left."""
    plain = one_line(text).translate(_APOSTROPHES)
    words = "".join(one if _is_of_word(one) else " " for one in plain).split()
    joined = "".join(words if len(words) == 1 else [word[0].upper() + word[1:] for word in words])
    return f"#{joined}" if any(map(str.isalpha, joined)) else ""


def _is_of_word(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character) in {"Mn", "Mc"}


def _of_topic(topic: str) -> Iterator[str]:
    text = one_line(topic.replace(",", " ").replace('"', " "))
    if utf16_units(text) <= _LONGEST_OF_TOPIC:
        yield text
    names_and_words = [*_names(text), *filter(_is_worth_a_tag, _WORD.findall(text))]
    yield from [each for each in names_and_words if utf16_units(each) <= _LONGEST_OF_TOPIC][:_MOST_WORDS]


def _names(text: str) -> list[str]:
    """Return up to three words at a time that have capitals although no sentence begins with them."""
    if all(word[0].isupper() for word in _WORD.findall(text)):
        return []  # where every word has one, it says nothing
    found: list[str] = []
    for sentence in _AFTER_STOP.split(text):
        _, _, rest = sentence.strip().partition(" ")
        for has_capitals, words in groupby(_PART.findall(rest), lambda part: part[0].isupper()):
            if has_capitals:
                found.append(" ".join(islice(words, _MOST_WORDS_OF_NAME)))
    return [name for name in found if len(name) >= _SHORTEST_NAME or _is_acronym(name)]


def _is_worth_a_tag(word: str) -> bool:
    if word.isdecimal():
        return len(word) == _DIGITS_OF_YEAR
    return (len(word) >= _SHORTEST_WORD or _is_acronym(word)) and word.casefold() not in _SMALL


def _is_acronym(word: str) -> bool:
    return len(word) > 1 and word.isascii() and word.isupper()


def _each_once(texts: Iterable[str]) -> list[str]:
    """Return the texts that can be seen, in their order, each in one way of writing its capitals."""
    found: dict[str, str] = {}
    for text in filter(is_seen, texts):
        found.setdefault(text.casefold(), text)
    return list(found.values())
