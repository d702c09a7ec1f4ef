"""Words are counted as people read them, in every script."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labeling.formats.words import CHINESE, JAPANESE, SPACED, count_words, is_technical, script_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        (" \n\t ", 0),
        ("The tide is out.", 4),
        ("don't well-known", 2),
        ("3.14 and 1,000", 3),
        ("--- | *** ## ___", 0),
        ("def add(first, second):\n    return first + second", 7),
        ("snake_case and __init__", 3),
        ("x = a[i].b", 4),
        ("Größe naïve Øre", 3),
        ("हिन्दी में", 2),  # vowel signs and joined consonants are marks, which \w does not hold
        ("می‌خواهم", 1),  # joined by U+200C
        ("한국어 문장", 2),
        ("cafe\u0301", 1),
        ("👍 👍👍", 0),
    ],
)
def test_a_word_is_a_run_of_letters_digits_and_their_marks(text, words):
    assert count_words(text) == words


def test_chinese_japanese_and_thai_are_counted_by_their_characters():
    assert count_words("我们今天去公园看花") == pytest.approx(9 / 1.6)
    assert count_words("今日は公園に行きました") == pytest.approx(11 / 1.85)
    assert count_words("สวัสดี") == pytest.approx(4 / 4)  # four letters, two marks
    assert count_words("我用 Python 写代码") == pytest.approx(5 / 1.6 + 1)


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("plain", SPACED),
        ("我们今天去公园", CHINESE),
        ("今日は公園へ", JAPANESE),
        ("the sign 好 means good", SPACED),
        ("", SPACED),
    ],
)
def test_the_script_is_that_of_most_letters(text, script):
    assert script_of(text) == script


@pytest.mark.parametrize("text", ["```\nx\n```", "cost is $\\frac{1}{2}$", "def f():\n  pass", "\\(x^2\\)"])
def test_code_and_formulas_are_seen(text):
    assert is_technical(text)


@pytest.mark.parametrize("text", ["It costs $5.", "The class was full.", "Import duties rose."])
def test_prose_is_not_taken_for_code(text):
    assert not is_technical(text)


@pytest.mark.parametrize(
    "text",
    ["_" * 10**6, "\n" * 10**6, "$" * 10**6, ("$" + "_" * 400) * 2_500, "1" * 10**6, "1." * 500_000, "a-" * 500_000,
     "é" + "_" * 10**6, "é" + "'" * 10**6, "é" + "\u0300" * 10**6, "ก" * 10**6, "\\" * 10**6, " " * 10**6, "`" * 10**6],
)  # fmt: skip
def test_no_text_of_a_megabyte_takes_long(text):
    start = time.process_time()
    count_words(text)
    is_technical(text)
    script_of(text)
    assert time.process_time() - start < 3


@given(st.text(max_size=200))
def test_twice_the_text_has_twice_the_words(text):
    assert count_words(f"{text}\n{text}") == pytest.approx(2 * count_words(text))


@given(st.text(max_size=100), st.text(max_size=100))
def test_more_text_never_has_fewer_words(first, second):
    # Kana turn the characters of a whole text into Japanese, of which a word has more.
    assert count_words(f"{first} {second}") >= (count_words(first) * 1.6 / 1.85) - 1e-9
