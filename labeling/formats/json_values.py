"""JSON values one after another out of a file: the elements of an array, or objects over several lines.

A value is held until it is complete and then forgotten, so that memory goes by the longest value and not by
the file.
"""

import re
from collections.abc import Iterator
from typing import BinaryIO

CHUNK = 64 * 1024
_MARKS = re.compile(rb'["{}\[\]\n]')
_IN_TEXT = re.compile(rb'["\\\n]')


class BrokenOff(ValueError):
    """The brackets of a file do not match; the sentence goes on after "line 12"."""

    def __init__(self, line: int, reason: str) -> None:
        self.line = line
        super().__init__(reason)


def values_of(file: BinaryIO, *, longest: int) -> Iterator[tuple[int, bytes | None]]:
    """The top-level objects of a file, or those of its outermost array: (line it begins on, its bytes).

    The bytes are None for a value longer than `longest`: it is passed over. What stands between values is
    only looked at for brackets. Values that are no objects come together with what lies between.
    BrokenOff where the file ends inside a value or closes what was never opened.
    """
    line, depth, in_text, escaped = 1, 0, False, False
    base = 0  # the depth values stand at: 1 inside an outermost array
    begun, begun_line = False, 1
    value, too_long = bytearray(), False
    between = bytearray()

    while chunk := file.read(CHUNK):
        place = start = 0
        while True:
            if escaped and place < len(chunk):
                line += chunk[place] == 0x0A
                place, escaped = place + 1, False
            mark = (_IN_TEXT if in_text else _MARKS).search(chunk, place)
            if mark is None:
                break
            at, place = mark.start(), mark.end()
            sign = chunk[at : at + 1]
            if sign == b"\n":
                line += 1
            elif sign == b"\\":
                if place < len(chunk):
                    line += chunk[place] == 0x0A
                    place += 1
                else:
                    escaped = True
            elif sign == b'"':
                in_text = not in_text
            elif sign in b"{[":
                if depth == 0 and base == 0 and sign == b"[" and not begun:
                    base = depth = 1
                    begun, start = False, place
                    between.clear()
                    continue
                if depth == base and not begun:
                    between += chunk[start:at][: CHUNK - len(between)]
                    yield from _between(between, begun_line)
                    between.clear()
                    begun, begun_line, start, too_long = True, line, at, False
                    value.clear()
                depth += 1
            else:
                depth -= 1
                if depth < 0:
                    raise BrokenOff(line, "closes a bracket that was never opened")
                if begun and depth == base:
                    if not too_long and len(value) + place - start <= longest:
                        yield begun_line, bytes(value + chunk[start:place])
                    else:
                        yield begun_line, None
                    begun, start, begun_line = False, place, line
                    value.clear()
                elif not begun and depth == 0 and base == 1:
                    between += chunk[start:at][: CHUNK - len(between)]
                    yield from _between(between, begun_line)
                    between.clear()
                    base, start = 0, place
        rest = chunk[start:]
        if begun and not too_long:
            if len(value) + len(rest) > longest:
                too_long = True
                value.clear()
            else:
                value += rest
        elif not begun:
            between += rest[: CHUNK - len(between)]
    if begun or depth or in_text:
        raise BrokenOff(begun_line, "begins what is never closed: the file ends before")
    yield from _between(between, begun_line)


def _between(between: bytearray, line: int) -> Iterator[tuple[int, bytes]]:
    """What is no object, where objects are expected: given back to be refused by its line."""
    text = bytes(between).strip(b" \t\r\n,")
    if text:
        yield line, text
