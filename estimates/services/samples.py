"""A sample of what will be labeled: counted, made into proposals for a work package, and taken over into it.

The sample itself is stored nowhere. What is kept are counts, the name of the file and its digest, in the
source of each number.
"""

import hashlib
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from io import SEEK_END, SEEK_SET
from typing import Any, BinaryIO

from labeling.formats.columns import Columns
from labeling.formats.counting import MOST_ITEMS, Counts, Mean, Spread, count_items
from labeling.formats.items import read_items
from labeling.formats.reading import LineProblem, Unreadable
from labeling.formats.times import Times

MOST_BYTES = 20 * 1024 * 1024
MOST_PASTED = 2 * 1024 * 1024
# Below this a mean says too little to plan with.
FEWEST_ITEMS = 5
LONGEST_NAME = 60
PASTED = "pasted text"


class BadLines(Exception):
    """Some lines cannot be read, and nobody has said that the others will do."""

    def __init__(self, counts: Counts) -> None:
        self.problems = counts.problems
        self.bad = counts.bad_lines
        self.good = counts.items
        super().__init__(
            f"{self.bad:,} {'line' if self.bad == 1 else 'lines'} cannot be read; {self.good:,} can. Correct "
            "the file, or say that the good lines are to be counted."
        )


@dataclass(frozen=True)
class Sample:
    """What is kept of a sample: where it came from, and its counts."""

    name: str
    digest: str
    format_words: str
    counts: Counts

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> "Sample":
        """Back from `as_json`, of this program's own making."""
        raw = dict(document["counts"])
        counts: dict[str, Any] = {}
        for name, value in raw.items():
            if name == "problems":
                value = tuple(LineProblem(**one) for one in value)
            elif name == "times":
                value = None if value is None else Times(**value)
            elif isinstance(value, dict):
                value = (
                    Spread(**{**value, "bars": tuple(value["bars"])}) if "bars" in value else Mean(**value)
                )
            counts[name] = value
        return cls(document["name"], document["digest"], document["format_words"], Counts(**counts))


def shown_name(name: str) -> str:
    """A file's name as it is written into a source: one line, no control characters, not too long."""
    plain = "".join(one for one in name if unicodedata.category(one)[0] != "C").strip()
    if len(plain) > LONGEST_NAME:
        plain = f"{plain[: LONGEST_NAME - 11]}…{plain[-10:]}"
    return plain or "a file"


def count_sample(
    file: BinaryIO, *, name: str, columns: Columns | None = None, keep_good_lines: bool = False
) -> Sample:
    """Count a seekable file of items.

    Unreadable where it is none, is too large or too small; ColumnsUnknown where somebody has to say what its
    columns are; BadLines where lines cannot be read and the good ones alone were not asked for.
    """
    size = file.seek(0, SEEK_END)
    if size > MOST_BYTES:
        raise Unreadable(
            f"It has {size:,} bytes; at most {MOST_BYTES // 2**20} MB are read. A few thousand items are "
            "enough."
        )
    file.seek(0, SEEK_SET)
    digest = hashlib.sha256()
    while chunk := file.read(1024 * 1024):
        digest.update(chunk)
    source = read_items(file, columns=columns)
    counts = count_items(source.items)
    if counts.bad_lines and not keep_good_lines:
        raise BadLines(counts)
    if counts.items < FEWEST_ITEMS:
        items = "1 item" if counts.items == 1 else f"{counts.items} items"
        raise Unreadable(
            f"It holds {items}; at least {FEWEST_ITEMS} are needed to say anything about a mean, and some "
            "hundred are better."
        )
    return Sample(shown_name(name), digest.hexdigest()[:12], source.words, counts)


def whole_or_sample(sample: Sample) -> str:
    """ "all its 214 items", or of how many a seeded sample was counted."""
    counts = sample.counts
    if counts.items <= counts.sampled:
        return f"all its {counts.items:,} items"
    return f"an evenly drawn sample of {MOST_ITEMS:,} of its {counts.items:,} items (seed 0)"
