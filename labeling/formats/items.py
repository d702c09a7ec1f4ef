"""A file into items: its shape and format found and said, what is wrong told line by line."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import BinaryIO

from labeling.formats.columns import Columns, column_names, guess, read_by
from labeling.formats.reading import LineProblem, Record, Shape, Unreadable, records_of, shape_of
from labeling.formats.schemas import Item, NotThisFormat, Values, format_of

# So many lines that cannot be read are looked past for one that shows the format.
MOST_LOOKED_PAST = 1000
# More than a sample has; reading on would cost time and tell nothing.
MOST_RECORDS = 200_000
MOST_PARTS = 1_000_000  # responses and steps, of all records


class ColumnsUnknown(Exception):
    """The file is of no known format: somebody has to say what its columns are."""

    def __init__(self, names: list[str], proposal: Columns) -> None:
        self.names = names
        self.proposal = proposal
        super().__init__(
            "Its columns are not those of a known format. Say which holds the prompt, the responses or the "
            "steps."
        )


@dataclass(frozen=True)
class Source:
    """A file that has been looked at: how it is written, and its items still to be read, once."""

    shape: Shape
    format_words: str
    items: Iterator[Item | LineProblem]

    @property
    def words(self) -> str:
        return f"{self.format_words}; {self.shape}"


def read_items(file: BinaryIO, *, columns: Columns | None = None) -> Source:
    """Look at a seekable file and say what it is; its items are then read as they are asked for.

    columns  what the columns are, where the format is none of those known
    Unreadable where it is no such file at all or, while it is read, too long; ColumnsUnknown where the
    columns have to be named.
    """
    shape = shape_of(file)
    records = records_of(file, shape)
    before: list[LineProblem] = []
    first: Record | None = None
    for one in records:
        if isinstance(one, Record):
            first = one
            break
        before.append(one)
        if len(before) >= MOST_LOOKED_PAST:
            break
    if first is None:
        if before:
            raise Unreadable(f"None of its lines can be read. Line {before[0].line:,} {before[0].reason}.")
        raise Unreadable("It holds no items: there is nothing below the names of its columns.")
    every = chain(before, [first], records)
    if columns:
        return Source(shape, f"by its columns, {columns.words}", _items_by(columns, every))
    known = format_of(first.values)
    if known is None:
        raise ColumnsUnknown(column_names(first.values), guess(first.values))
    return Source(shape, known.words, _items_of(known.read, every))


def _items_by(columns: Columns, records: Iterator[Record | LineProblem]) -> Iterator[Item | LineProblem]:
    return _items_of(lambda values, line: read_by(columns, values, line), records)


def _items_of(
    read: Callable[[Values, int], Item], records: Iterator[Record | LineProblem]
) -> Iterator[Item | LineProblem]:
    parts = 0
    for number, one in enumerate(records, start=1):
        if number > MOST_RECORDS:
            raise too_many(f"{MOST_RECORDS:,} records")
        if isinstance(one, LineProblem):
            yield one
            continue
        try:
            item = read(one.values, one.line)
        except NotThisFormat as error:
            yield LineProblem(one.line, str(error))
        except KeyError as error:
            yield LineProblem(one.line, f"has no “{error.args[0]}”")
        else:
            parts += len(item.responses) + len(item.steps)
            if parts > MOST_PARTS:
                raise too_many(f"{MOST_PARTS:,} responses and steps")
            yield item


def too_many(what: str) -> Unreadable:
    return Unreadable(f"It holds more than {what}. Give a part of it: a few thousand items are enough.")
