"""A form that is too large to be read: which of its fields is to blame."""

import re
from urllib.parse import unquote_plus

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

CHUNK = 64 * 1024
# What is longer than this is not looked through either.
MOST_LOOKED_AT = 64 * 1024 * 1024
LONGEST_NAME = 100
MARKS = re.compile(rb"[&=]")


def longest_field(request: HttpRequest) -> tuple[str, int] | None:
    """The name and the size of the largest field of a plain form, read in pieces and kept nowhere."""
    if request.content_type != "application/x-www-form-urlencoded":
        return None
    longest: tuple[str, int] | None = None
    name, size, in_name = b"", 0, True
    looked_at = 0
    while (chunk := request.read(CHUNK)) and looked_at < MOST_LOOKED_AT:
        looked_at += len(chunk)
        start = 0
        for mark in MARKS.finditer(chunk):
            piece = chunk[start : mark.start()]
            start = mark.end()
            name, size = (name + piece[:LONGEST_NAME], size) if in_name else (name, size + len(piece))
            if mark[0] == b"=" and in_name:
                in_name = False
            elif mark[0] == b"&":
                longest = larger(longest, name, size)
                name, size, in_name = b"", 0, True
        rest = chunk[start:]
        name, size = (name + rest[:LONGEST_NAME], size) if in_name else (name, size + len(rest))
    return larger(longest, name, size)


def larger(known: tuple[str, int] | None, name: bytes, size: int) -> tuple[str, int]:
    if known is not None and known[1] >= size:
        return known
    return unquote_plus(name[:LONGEST_NAME].decode(errors="replace")), size


def too_large(request: HttpRequest) -> HttpResponse:
    """Say which field is too long. Nothing was stored, and the browser still has what was typed."""
    found = longest_field(request)
    context = {"field": found[0], "size": found[1]} if found else {}
    return render(request, "413.html", context, status=413)
