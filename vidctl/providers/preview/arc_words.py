"""Words of any origin made fit to be spoken: cleaned, cut into sentences, and timed.

Pure text. The offline voice speaks English; what is not written in Latin letters cannot be spoken
and is left out here, once, so that the rest of the story teller need not think of it.
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from vidctl.providers.preview.arc_lexicon import lexicon

CHARACTERS_PER_S: Final = 15.0
"""A careful estimate of the offline voice; on prose it is measured at 15.5 to 18."""
DIGIT_S: Final = 0.35
"""What a digit takes beyond its character: "1698" is said as four words."""
STOP_S: Final = 0.3
"""The pause between two sentences."""

_LOOSE_STOP: Final = re.compile(r" ([.,;:!?])")
_STOP: Final = re.compile(r"[.!?:;] ")
_UNPRINTABLE: Final = frozenset({"Cc", "Cs", "Co", "Cn"})
_LONGEST_WORD: Final = 24
_MOST_DIGITS: Final = 8
_FEWEST_WORDS: Final = 5
_SPEAKABLE: Final = re.compile(r"[A-Za-zÀ-ÖØ-öø-ž0-9 ,;:.!?'’\-–—]+")
_MARKUP: Final = re.compile(
    r"https?://\S+|\([^()]*\)|\[[^\[\]]*\]|^[\s>#*•·\-–—]+|^\s*\d{1,3}[.)]\s+|[\"“”„«»*_`#]", re.MULTILINE
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])\s+|\n+|;\s+")
_CLAUSE: Final = re.compile(r"[,;:(–—|/\n]|\.\s|\s-\s")
_LEADING_ARTICLE: Final = re.compile(
    r"(?:The|A|An|How|Why|What|When|Where|Who|Our|My|Its|Their|His|Her|Two|Three|In|On|From|Inside|Behind|Life)\b"
)
_WORD: Final = re.compile(r"[a-zß-öø-ž]+(?:['’-][a-zß-öø-ž]+)*")
_NAME: Final = re.compile(r"\b[A-ZÀ-Þ][a-zß-ž]{2,}(?: (?:of |the )?[A-ZÀ-Þ][a-zß-ž]{2,}){0,2}\b")
_QUESTION: Final = re.compile(
    r"(?:how|why|what|when|where|who) (?:do|does|did|is|are|was|were|can|could|will|would)\b", re.IGNORECASE
)


def clean(text: str) -> str:
    """Return the text in NFC, without control characters and half surrogate pairs; newlines stay."""
    kept = (c for c in unicodedata.normalize("NFC", text) if c in "\n\t" or unicodedata.category(c) not in _UNPRINTABLE)
    return "".join(kept).strip()


def one_line(text: str, *, longest: int) -> str:
    """Return the cleaned text on one line, at most `longest` characters long."""
    return " ".join(clean(text).split())[:longest].strip()


def spoken_s(text: str) -> float:
    """Return how long the offline voice speaks, in seconds: an estimate that is rather too long."""
    stops = len(_STOP.findall(text))
    return len(text) / CHARACTERS_PER_S + DIGIT_S * sum(c.isdigit() for c in text) + STOP_S * stops


def speakable(text: str) -> bool:
    """Tell whether the offline voice can say all of it, without spelling or stumbling."""
    words = text.split()
    return (
        _SPEAKABLE.fullmatch(text) is not None
        and any(c.isalpha() for c in text)
        and max(map(len, words)) <= _LONGEST_WORD
        and sum(c.isdigit() for c in text) <= _MOST_DIGITS
    )


def subject(*candidates: str, longest: int = 60) -> str:
    """Return the first candidate as a phrase that fits after "the story of", such as "the salt road".

    Falls back to "this place" where none of them can be spoken.
    """
    for candidate in candidates:
        phrase = _phrase(candidate, longest)
        if len(phrase) > 1 and speakable(phrase):
            return phrase
    return "this place"


def _phrase(text: str, longest: int) -> str:
    head = _CLAUSE.split(_MARKUP.sub(" ", clean(text)).strip(), maxsplit=1)[0]
    words = _without_symbols(head).split()[:longest]
    while words and (len(" ".join(words)) > longest or words[-1].lower() in lexicon().dangling):
        words.pop()
    phrase = " ".join(words).rstrip(".!?,'’- ")
    if " " in phrase and phrase.isupper():
        phrase = phrase.lower()
    if _LEADING_ARTICLE.match(phrase):
        phrase = phrase[0].lower() + phrase[1:]
    return f"one question: {phrase}" if _QUESTION.match(phrase) else phrase


def _without_symbols(text: str) -> str:
    """Drop emoji and other symbols, which have no letters of their own; foreign letters stay and are judged later."""
    return "".join(c for c in text if not unicodedata.category(c).startswith(("S", "M", "Cf")))


def sentences(text: str, *, longest_s: float) -> list[str]:
    """Return the sentences that can be spoken as they are within `longest_s`, each once, in their order.

    Orders to the film maker ("use warm colours", "the video should …") are not for the viewer's ears.
    """
    found = dict.fromkeys(filter(None, map(_sentence, _pieces(clean(text)))))
    return [each for each in found if spoken_s(each) <= longest_s and not _is_order(each)]


def _is_order(sentence: str) -> bool:
    words = words_of(sentence)
    return not lexicon().orders.isdisjoint(words[:1]) or not lexicon().craft.isdisjoint(words)


def words_of(text: str) -> list[str]:
    """Return the words in lower case, without punctuation and numbers."""
    return [word.replace("’", "'") for word in _WORD.findall(text.lower())]


def _pieces(text: str) -> Iterator[str]:
    for piece in _SENTENCE_END.split(_MARKUP.sub(" ", text)):
        yield _LOOSE_STOP.sub(r"\1", " ".join(_without_symbols(piece.replace("…", ".")).split()))


def _sentence(piece: str) -> str | None:
    """Return one piece as a proper sentence, or None where it is no sentence that can be said."""
    piece = piece.strip(" ,:;-–—'’")
    if len(piece.split()) < _FEWEST_WORDS or not speakable(piece) or piece.endswith(":"):
        return None
    if piece.isupper():
        piece = piece.lower()
    return piece[0].upper() + piece[1:] + ("" if piece[-1] in ".!?" else ".")


def names(text: str) -> list[str]:
    """Return the proper names in the text (capitalised inside a sentence), those said most often first."""
    found: dict[str, int] = {}
    for piece in _pieces(clean(text)):
        _, _, rest = piece.partition(" ")
        for name in _NAME.findall(rest):
            if speakable(name) and not rest.istitle():
                found[name] = found.get(name, 0) + 1
    return sorted(found, key=lambda name: -found[name])
