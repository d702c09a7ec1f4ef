"""How many words a text has, for the time it takes to read it: the unit that reading speeds are published in.

* A word is a run of letters, digits, underscores and the marks that belong to them, in any script; an
  apostrophe or a hyphen inside joins ("don't", "well-known"), and so does a point or comma between digits
  ("3.14"). Of code and formulas this counts the names and numbers; brackets, operators and rules of dashes
  are no words. That they are read more slowly is a matter of the reading speed, not of the count.
* Chinese and Japanese are written without spaces. A text with kana counts a word for every 1.85 characters,
  one without a word for every 1.6: the characters a word has in the reading-speed texts of both languages.
* Thai, Lao, Khmer and Burmese have no spaces either: a word for every 4 letters, an assumption.
"""

import re
import sys
import unicodedata
from functools import lru_cache

# Characters a minute / words a minute of the standard texts: 255 / 158 Chinese, 357 / 193 Japanese.
# Trauzettel-Klosinski and Dietz, Standardized assessment of reading performance (IReST), 2012.
CHINESE_CHARACTERS_A_WORD = 1.6
JAPANESE_CHARACTERS_A_WORD = 1.85
UNSPACED_LETTERS_A_WORD = 4.0

KANA = "\u3041-\u309f\u30a0-\u30ff\u31f0-\u31ff\uff66-\uff9f"
HAN = "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
UNSPACED = "\u0e01-\u0e4e\u0e80-\u0eff\u1000-\u109f\u1780-\u17d3\ua9e0-\ua9fe\uaa60-\uaa7f"

_PLAIN = re.compile(r"[0-9]+(?:[.,][0-9]+)+|[A-Za-z0-9][A-Za-z0-9_]*(?:['-][A-Za-z0-9_]+)*")
_IDEOGRAPH = re.compile(f"[{HAN}{KANA}]")
_KANA = re.compile(f"[{KANA}]")
_UNSPACED = re.compile(f"[{UNSPACED}]")


@lru_cache(maxsize=1)
def _marks() -> str:
    """The combining marks of all scripts, as ranges of a character class: `\\w` does not hold them."""
    found: list[list[int]] = []
    for code in range(0x300, min(sys.maxunicode, 0x1F000)):
        if unicodedata.category(chr(code)).startswith("M"):
            if found and found[-1][1] == code - 1:
                found[-1][1] = code
            else:
                found.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in found)


@lru_cache(maxsize=1)
def _any_script() -> re.Pattern[str]:
    # The joiners U+200C and U+200D stand inside words of Persian and of Indian scripts.
    inside = rf"[\w{_marks()}\u200c\u200d]"
    return re.compile(rf"\d+(?:[.,]\d+)+|[^\W_]{inside}*(?:['’\-‐‑]{inside}+)*")


def count_words(text: str) -> float:
    """Words of a text, >= 0: whole for scripts with spaces, in fractions for those without."""
    if text.isascii():
        return float(len(_PLAIN.findall(text)))
    words = 0.0
    ideographs = len(_IDEOGRAPH.findall(text))
    if ideographs:
        per_word = JAPANESE_CHARACTERS_A_WORD if _KANA.search(text) else CHINESE_CHARACTERS_A_WORD
        words += ideographs / per_word
        text = _IDEOGRAPH.sub(" ", text)
    if _UNSPACED.search(text):
        letters = [one for one in _UNSPACED.findall(text) if not unicodedata.category(one).startswith("M")]
        words += len(letters) / UNSPACED_LETTERS_A_WORD
        text = _UNSPACED.sub(" ", text)
    return words + len(_any_script().findall(text))


SPACED, CHINESE, JAPANESE = "spaced", "chinese", "japanese"


def script_of(text: str) -> str:
    """How a text is written: CHINESE or JAPANESE where most of its letters are theirs, else SPACED."""
    if text.isascii():
        return SPACED
    ideographs = len(_IDEOGRAPH.findall(text))
    others = sum(map(str.isalpha, _IDEOGRAPH.sub("", text)))
    # A Chinese or Japanese character says more than a letter: two letters weigh as much as one.
    if ideographs * 2 <= others:
        return SPACED
    return JAPANESE if _KANA.search(text) else CHINESE


_CODE = re.compile(
    r"```|^[ \t]*(?:def|class|import|from|#include|function|public|const|let|var)\s", re.MULTILINE
)
# What stands between two dollar signs is a formula where it has TeX's own signs, and else two prices.
_BETWEEN_DOLLARS = re.compile(r"\$[^$\n]{1,300}\$")
_TEX = re.compile(r"\\\(|\\\[|\\(?:frac|sqrt|begin|sum|int|cdot|times)\b")


def is_technical(text: str) -> bool:
    """Whether a text holds code or formulas, which are read more slowly than prose.

    By its marks: a code fence, a line that starts a definition, or TeX.
    """
    if _TEX.search(text) or _CODE.search(text):
        return True
    return any(not {"\\", "^", "_"}.isdisjoint(one[0]) for one in _BETWEEN_DOLLARS.finditer(text))
