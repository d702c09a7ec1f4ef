"""Reading what a program sends: one JSON document, bounded in size and depth, without hostile text."""

import json
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.conf import settings
from rest_framework.exceptions import ParseError, UnsupportedMediaType
from rest_framework.parsers import BaseParser

from labeling.api.problems import FieldProblem, Invalid, TooLarge, pointer

DEEPEST = 12
# More digits than any number here has; longer ones cost time to read.
LONGEST_NUMBER = 60
TOO_LONG = "This number is longer than any number here can be."


class StatedTwice(ValueError):
    """A name that stands twice in one object: which of the two is meant is anybody's guess."""


def no_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    names = dict(pairs)
    if len(names) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise StatedTwice(f"“{name[:80]}” is stated twice in one object.")
            seen.add(name)
    return names


class Unusable:
    """Stands in a document for a number that is none, until its place can be named."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


def no_number(text: str) -> Unusable:
    return Unusable(f"{text} is not a number: give a finite one.")


def read_number(text: str) -> Decimal | Unusable:
    """Exact, as it was written: no binary float stands between a program and its money."""
    try:
        return Decimal(text) if len(text) <= LONGEST_NUMBER else Unusable(TOO_LONG)
    except InvalidOperation:
        return no_number(text)


def read_whole(text: str) -> int | Unusable:
    return int(text) if len(text) <= LONGEST_NUMBER else Unusable(TOO_LONG)


def parts(document: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Every value of a document with its path; no recursion, whatever the depth."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), document)]
    while waiting:
        path, value = waiting.pop()
        yield path, value
        if isinstance(value, Mapping):
            waiting.extend(((*path, name), one) for name, one in value.items())
        elif isinstance(value, list):
            waiting.extend(((*path, index), one) for index, one in enumerate(value))


def is_hostile(text: str) -> str | None:
    """Why a text cannot be stored on every database, or None."""
    if "\x00" in text:
        return "NUL characters are not allowed."
    if not text.isascii() and any("\ud800" <= letter <= "\udfff" for letter in text):
        return "This is no valid text: it contains half a character (a lone surrogate)."
    return None


def check_document(document: Any) -> None:
    """Refuse what no field may hold: NUL, lone surrogates, NaN, and a document too deep to be meant."""
    problems = []
    for path, value in parts(document):
        if len(path) > DEEPEST:
            raise ParseError(f"The document is nested more than {DEEPEST} levels deep.")
        if isinstance(value, Unusable):
            problems.append(FieldProblem(pointer(*path), "not_a_number", value.reason))
            continue
        texts = [value] if isinstance(value, str) else list(value) if isinstance(value, Mapping) else []
        for text in texts:
            reason = is_hostile(text)
            if reason is not None:
                problems.append(FieldProblem(pointer(*path), "invalid_text", reason))
                break
    if problems:
        raise Invalid(problems[:20])


class DocumentParser(BaseParser):
    """JSON and nothing else, in UTF-8, at most API_MAX_BODY_BYTES long."""

    media_type = "application/json"

    def parse(
        self, stream: Any, media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        meta = parser_context["request"].META if parser_context else {}
        if meta.get("HTTP_CONTENT_ENCODING", "identity").strip().lower() not in {"", "identity"}:
            raise UnsupportedMediaType("", detail="Send the document as it is, without Content-Encoding.")
        limit: int = settings.API_MAX_BODY_BYTES
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise TooLarge
        try:
            document = json.loads(
                body.decode("utf-8"),
                parse_float=read_number,
                parse_int=read_whole,
                parse_constant=no_number,
                object_pairs_hook=no_duplicates,
            )
        except RecursionError:
            raise ParseError("The document is nested too deeply.") from None
        except UnicodeDecodeError:
            raise ParseError("The document is not in UTF-8.") from None
        except ValueError as error:
            raise ParseError(f"The document cannot be read as JSON: {error}") from None
        check_document(document)
        return document
