"""What is no sample, or wants to be more than one, is told by its line and costs little."""

import csv
import io
import json
import tracemalloc
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from labeling.formats.columns import Columns
from labeling.formats.items import ColumnsUnknown, read_items
from labeling.formats.reading import LONGEST_LINE, Unreadable
from tests.labeling.formats.files import jsonl, read

GOOD = {"prompt": "Name a prime."}


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.jsonl", jsonl(GOOD))
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "There is nothing in it"),
        (b" \n\n ", "There is nothing in it"),
        (b"\xef\xbb\xbf", "There is nothing in it"),
        (zipped(), "This is a ZIP archive"),
        (b"\x1f\x8b\x08", "gzip"),
        ('{"prompt": "a"}'.encode("utf-16"), "UTF-16"),
        (b"a,b\x00\n1,2\n", "NUL bytes"),
        (b"<html></html>", "HTML or XML"),
        (b"prompt,completion\n", "no items"),
        (b"prompt,prompt\n1,2\n", "Two columns have the same name"),
        (b"prompt,\n1,2\n", "Column 2 has no name"),
        (b"p" * 200 + b"\n1\n", "looks like a line of data"),
        (b"[]", "no items"),
        (b"[1, 2]", "Line 1 is no JSON: extra data"),
        (b"[1]", "Line 1 is no JSON object"),
        (b'{"prompt": ', "Line 1 is no JSON"),
        (b"{}}", "Line 1 is no JSON"),
        (b"[{]", "Line"),
    ],
)
def test_what_is_no_sample_is_refused_with_what_to_do(content, sentence):
    with pytest.raises(Unreadable, match=sentence):
        read(content)


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (b'{"prompt": "a\\u0000b"}', "holds a NUL character"),
        (b'{"prompt": "\\ud800"}', "half a character"),
        (b'{"\\ud800": "a"}', "half a character"),
        (b'{"prompt": "a", "n": 1e999}', "the number 1e999 is out of range"),
        (b'{"prompt": "a", "n": NaN}', "NaN is not a number"),
        (b'{"prompt": "a", "n": ' + b"9" * 5000 + b"}", "too many digits"),
        (b'{"prompt": "a", "n": ' + b"[" * 50 + b"]" * 50 + b"}", "nested more than 20 levels"),
        (b'{"prompt": "a", "n": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "nested too deeply"),
        (b'{"prompt": "a", "n": [' + b"1," * 30_000 + b"1]}", "more than 20,000 values"),
        (b'{"prompt": "a", "prompt": "b"}', "stated twice"),
        (b'{"prompt": "\xff"}', "is not in UTF-8"),
        (b'{"prompt": 1}', "no text in “prompt”"),
        (b'{"prompt": "' + b"a" * LONGEST_LINE + b'"}', "is longer than 1,000,000 bytes"),
        (b'["a"]', "is no JSON object"),
        (b"prompt", "is no JSON: expecting value at character 1"),
    ],
)
def test_a_bad_line_is_named_and_the_lines_around_it_are_read(line, reason):
    _, items, (problem,) = read(jsonl(GOOD) + line + b"\n" + jsonl(GOOD))
    assert [item.line for item in items] == [1, 3]
    assert problem.line == 2
    assert reason in problem.reason
    assert len(problem.reason) < 200


def test_a_byte_order_mark_is_no_part_of_the_first_name():
    assert read(b"\xef\xbb\xbf" + jsonl(GOOD))[1][0].prompt == "Name a prime."
    assert read(b"\xef\xbb\xbfprompt\nHi\n")[1][0].prompt == "Hi"


def test_a_line_of_ten_megabytes_is_passed_over_and_never_held():
    content = io.BytesIO(jsonl(GOOD) + b'{"prompt": "' + b"a" * 10_000_000 + b'"}\n' + jsonl(GOOD))
    tracemalloc.start()
    found = list(read_items(content).items)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(found) == 3
    assert peak < 4_000_000


def test_memory_goes_by_the_longest_value_and_not_by_the_file():
    one = json.dumps({"prompt": "word " * 200})
    content = io.BytesIO(("[" + ",".join([one] * 8_000) + "]").encode())
    tracemalloc.start()
    count = sum(1 for _ in read_items(content).items)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert count == 8_000
    assert peak < 2_000_000


@pytest.mark.parametrize("largest_cell", [131_072, 10_000_000])
def test_a_quotation_mark_that_is_never_closed_ends_the_reading_and_says_so(largest_cell):
    before = csv.field_size_limit(largest_cell)
    try:
        check_a_quotation_mark_that_is_never_closed()
    finally:
        csv.field_size_limit(before)


def check_a_quotation_mark_that_is_never_closed():
    _, items, (problem,) = read(b'prompt,completion\nHi?,Hi\n"oops,1\n' + b"a,b\n" * 50_000)
    assert len(items) == 1
    assert problem.ends
    assert problem.line == 3
    assert "perhaps a quotation mark is never closed" in problem.reason


def test_more_records_than_a_sample_has_are_not_read():
    with pytest.raises(Unreadable, match="more than 200,000 records"):
        read(b"text\n" + b"a\n" * 200_001)
    one = jsonl({"prompt": "p", "responses": [""] * 2_000})
    with pytest.raises(Unreadable, match="more than 1,000,000 responses and steps"):
        read(one * 501)
    _, _, (problem,) = read(jsonl({"prompt": "p", "responses": [""] * 2_001}))
    assert problem.reason == "has more than 2,000 entries in “responses”"


def test_rows_of_another_length_are_named():
    _, items, problems = read(b"prompt,completion\nHi?,Hi\nHi?\nHi?,Hi,Hi\n")
    assert len(items) == 1
    assert [p.reason for p in problems] == [
        "has 1 cells where the first line names 2 columns",
        "has 3 cells where the first line names 2 columns",
    ]


def test_a_file_that_ends_inside_a_value_says_so():
    _, items, (problem,) = read(b'[{"prompt": "a"},\n{"prompt": "b"')
    assert len(items) == 1
    assert (problem.line, problem.reason, problem.ends) == (
        2,
        "begins what is never closed: the file ends before",
        True,
    )


@given(st.binary(max_size=300))
def test_whatever_the_bytes_they_are_read_or_refused(content):
    try:
        read(content)
    except (Unreadable, ColumnsUnknown):
        pass


@given(
    st.binary(max_size=200),
    st.sampled_from([b"[", b"{", b"prompt,completion\n", b'{"prompt": "a"}\n', b'[{"prompt": "a"},']),
)
def test_whatever_follows_a_good_beginning_is_read_or_refused(content, beginning):
    try:
        read(beginning + content)
        read(beginning + content, Columns("prompt", ("completion",)))
    except (Unreadable, ColumnsUnknown):
        pass


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-999, 999) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
FIELDS = [
    "prompt",
    "chosen",
    "rejected",
    "completion",
    "completions",
    "labels",
    "label",
    "messages",
    "text",
    "data",
    "question",
    "responses",
    "role",
    "content",
    "steps",
]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.dictionaries(st.sampled_from(FIELDS), JSON, max_size=5), min_size=1, max_size=4))
def test_known_names_may_hold_anything(records):
    for content in (jsonl(*records), json.dumps(records).encode()):
        try:
            read(content)
            read(content, Columns("prompt", ("completions",), "steps"))
        except (Unreadable, ColumnsUnknown):
            pass


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=60),
        min_size=1,
        max_size=5,
    ),
    st.sampled_from([None, 0, 3]),
)
def test_texts_come_through_an_array_whole(texts, indent):
    content = json.dumps([{"prompt": text} for text in texts], indent=indent, ensure_ascii=False)
    assert [item.prompt for item in read(content.encode())[1]] == texts
