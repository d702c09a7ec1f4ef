"""A file of records, read in pieces: one JSON object a line, a JSON array, or CSV.

Nothing of the file is trusted: every line has a limit, every record a depth and a size, and what is wrong is
said with the line it stands on.
"""

import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from io import SEEK_SET
from math import isfinite
from typing import Any, BinaryIO

from labeling.formats.json_values import BrokenOff, values_of

LONGEST_LINE = 1_000_000  # bytes
DEEPEST = 20
MOST_VALUES = 20_000  # in one record
MOST_COLUMNS = 200
LONGEST_NAME = 100
LONGEST_DIGITS = 60
SNIFFED = 64 * 1024


class Shape(StrEnum):
    """How records are written down."""

    JSONL = "JSON, one object a line"
    JSON = "JSON objects"
    CSV = "CSV"


@dataclass(frozen=True)
class Record:
    """One record and the line it begins on, from 1."""

    line: int
    values: Mapping[str, Any]


@dataclass(frozen=True)
class LineProblem:
    """What is wrong with one line; `ends` where nothing after it could be read."""

    line: int
    reason: str
    ends: bool = False


class Unreadable(Exception):
    """The file as a whole cannot be read; the sentence says why and what to do."""


# What other files begin with.
_NOT_TEXT = (
    (b"PK\x03\x04", "This is a ZIP archive or an Excel workbook. Save it as CSV or JSONL."),
    (b"\x1f\x8b", "This is a gzip archive, whatever its name says. Unpack it first."),
    (b"BZh", "This is a bzip2 archive, whatever its name says. Unpack it first."),
    (b"\xfd7zXZ", "This is an xz archive, whatever its name says. Unpack it first."),
    (b"\x28\xb5\x2f\xfd", "This is a zstd archive, whatever its name says. Unpack it first."),
    (b"PAR1", "This is a Parquet file. Export it as JSONL."),
    (b"\xd0\xcf\x11\xe0", "This is an old Excel workbook. Save it as CSV."),
    (b"%PDF", "This is a PDF. Give the items as CSV or JSONL."),
    (b"\xff\xfe", "This is text in UTF-16 or UTF-32. Save it as UTF-8."),
    (b"\xfe\xff", "This is text in UTF-16. Save it as UTF-8."),
    (b"\x00\x00\xfe\xff", "This is text in UTF-32. Save it as UTF-8."),
)  # fmt: skip
_BOM = b"\xef\xbb\xbf"


def shape_of(file: BinaryIO) -> Shape:
    """How the records of a seekable file are written, by its beginning; it is left standing after a BOM.

    Unreadable where it is no text in UTF-8, is empty, or is of another kind.
    """
    file.seek(0, SEEK_SET)
    head = file.read(SNIFFED)
    for magic, sentence in _NOT_TEXT:
        if head.startswith(magic):
            raise Unreadable(sentence)
    start = len(_BOM) if head.startswith(_BOM) else 0
    file.seek(start, SEEK_SET)
    text = head[start:].lstrip(b" \t\r\n")
    if not text:
        if len(head) == SNIFFED:
            raise Unreadable(f"The first {SNIFFED:,} bytes are blank. Give the items as CSV or JSONL.")
        raise Unreadable("There is nothing in it. Give the items as CSV or JSONL.")
    if text.startswith(b"["):
        return Shape.JSON
    if text.startswith(b"{"):
        first, _, rest = text.partition(b"\n")
        # One that goes on over the next lines is no JSONL; a very long first line is.
        return Shape.JSON if rest and not first.rstrip().endswith(b"}") and _is_open(first) else Shape.JSONL
    if text.startswith(b"<"):
        raise Unreadable("This is HTML or XML. Give the items as CSV or JSONL.")
    if b"\x00" in head:
        raise Unreadable("This is no text: it holds NUL bytes. Give the items as CSV or JSONL, in UTF-8.")
    return Shape.CSV


def _is_open(first: bytes) -> bool:
    """Whether a first line breaks off between tokens: what a pretty-printed object does."""
    return first.rstrip().endswith((b"{", b"[", b","))


def records_of(file: BinaryIO, shape: Shape) -> Iterator[Record | LineProblem]:
    """The records of a file that stands where `shape_of` left it, and what is wrong with the others."""
    match shape:
        case Shape.JSONL:
            return _json_lines(file)
        case Shape.JSON:
            return _json_values(file)
        case Shape.CSV:
            return _csv_rows(file)


# --- JSON ------------------------------------------------------------------------------------------


def _lines(file: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Lines with their numbers; None for one that is too long, of which no more than a part is ever held."""
    number = 0
    while line := file.readline(LONGEST_LINE + 1):
        number += 1
        if len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = file.readline(LONGEST_LINE)
            yield number, None
        else:
            yield number, line


def _json_lines(file: BinaryIO) -> Iterator[Record | LineProblem]:
    for number, line in _lines(file):
        if line is None:
            yield _too_long(number)
        elif line.strip():
            yield _read_object(number, line)


def _json_values(file: BinaryIO) -> Iterator[Record | LineProblem]:
    try:
        for line, value in values_of(file, longest=LONGEST_LINE):
            yield _too_long(line) if value is None else _read_object(line, value)
    except BrokenOff as error:
        yield LineProblem(error.line, str(error), ends=True)


def _too_long(line: int) -> LineProblem:
    return LineProblem(line, f"is longer than {LONGEST_LINE:,} bytes")


class _Refused(ValueError):
    """A part of a document that no item may have."""


def _finite(text: str) -> float:
    number = float(text)
    if len(text) > LONGEST_DIGITS or not isfinite(number):
        raise _Refused(f"the number {text[:20]} is out of range")
    return number


def _whole(text: str) -> int:
    if len(text) > LONGEST_DIGITS:
        raise _Refused(f"the number {text[:20]}… has too many digits")
    return int(text)


def _no_number(text: str) -> float:
    raise _Refused(f"{text} is not a number")


def _no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) < len(pairs):
        raise _Refused("a name is stated twice in one object")
    return names


def _read_object(line: int, raw: bytes) -> Record | LineProblem:
    try:
        document = json.loads(
            raw.decode("utf-8"),
            parse_float=_finite,
            parse_int=_whole,
            parse_constant=_no_number,
            object_pairs_hook=_no_duplicates,
        )
    except UnicodeDecodeError:
        return LineProblem(line, "is not in UTF-8")
    except RecursionError:
        return LineProblem(line, "is nested too deeply")
    except _Refused as error:
        return LineProblem(line, str(error))
    except json.JSONDecodeError as error:
        return LineProblem(line, f"is no JSON: {error.msg.lower()} at character {error.pos + 1:,}")
    if not isinstance(document, dict):
        return LineProblem(line, "is no JSON object")
    reason = _refusal(document)
    return LineProblem(line, reason) if reason else Record(line, document)


def _refusal(document: Any) -> str:
    """Why a document is not taken, or "": looked at without recursion, whatever its depth."""
    waiting, seen = [(document, 1)], 0
    while waiting:
        value, depth = waiting.pop()
        seen += 1
        if seen > MOST_VALUES:
            return f"holds more than {MOST_VALUES:,} values"
        if isinstance(value, dict | list):
            if depth > DEEPEST:
                return f"is nested more than {DEEPEST} levels deep"
            if isinstance(value, dict):
                waiting.extend((name, depth) for name in value)
                waiting.extend((one, depth + 1) for one in value.values())
            else:
                waiting.extend((one, depth + 1) for one in value)
        elif isinstance(value, str) and (reason := _bad_text(value)):
            return reason
    return ""


def _bad_text(text: str) -> str:
    if "\x00" in text:
        return "holds a NUL character"
    if not text.isascii() and any("\ud800" <= one <= "\udfff" for one in text):
        return "holds half a character (a lone surrogate)"
    return ""


# --- CSV -------------------------------------------------------------------------------------------


class _Broken(Exception):
    """A line after which a CSV file cannot be followed any more."""

    def __init__(self, line: int, reason: str) -> None:
        self.problem = LineProblem(line, f"{reason}; nothing after it was read", ends=True)
        super().__init__(reason)


def _text_lines(file: BinaryIO) -> Iterator[str]:
    for number, line in _lines(file):
        if line is None:
            raise _Broken(number, f"is longer than {LONGEST_LINE:,} bytes")
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError:
            raise _Broken(number, "is not in UTF-8") from None


def _csv_rows(file: BinaryIO) -> Iterator[Record | LineProblem]:
    start = file.tell()
    head = file.readline(LONGEST_LINE).decode("utf-8", errors="replace")
    file.seek(start, SEEK_SET)
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(_text_lines(file), delimiter=delimiter, strict=True)
    names: list[str] = []
    while True:
        line = rows.line_num + 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except _Broken as error:
            yield error.problem
            return
        except csv.Error as error:
            # How large a cell may be is a setting of the whole process: which of the two is met first depends
            # on what else has been read in it.
            if "limit" in str(error) or "unexpected end" in str(error):
                what = "holds a cell that does not end"
                if "limit" in str(error):
                    what = f"holds a cell of more than {csv.field_size_limit():,} characters"
                reason = f"{what}; perhaps a quotation mark is never closed"
                yield LineProblem(line, reason, ends=True)
                return
            yield LineProblem(line, f"cannot be read as CSV: {error}")
            continue
        if not any(cell.strip() for cell in row):
            continue
        if not names:
            names = _column_names(row)
            continue
        if len(row) != len(names):
            yield LineProblem(line, f"has {len(row)} cells where the first line names {len(names)} columns")
            continue
        reason = next(filter(None, map(_bad_text, row)), "")
        yield LineProblem(line, reason) if reason else Record(line, dict(zip(names, row, strict=True)))


def _column_names(row: list[str]) -> list[str]:
    names = [name.strip() for name in row]
    if len(names) > MOST_COLUMNS:
        raise Unreadable(f"The first line names {len(names):,} columns; at most {MOST_COLUMNS} are read.")
    if any(_bad_text(name) for name in names):
        raise Unreadable("The first line, which names the columns, holds NUL characters.")
    if any(len(name) > LONGEST_NAME for name in names):
        raise Unreadable(
            f"The first line has to name the columns, each in at most {LONGEST_NAME} characters: "
            "it looks like a line of data."
        )
    empty = [number for number, name in enumerate(names, start=1) if not name]
    if empty:
        raise Unreadable(f"Column {empty[0]} has no name in the first line.")
    if len(set(names)) < len(names):
        raise Unreadable("Two columns have the same name in the first line.")
    return names
