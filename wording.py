"""How lists are written inside sentences, everywhere: it imports nothing, so that every part may use it."""

from collections.abc import Iterable


def listed(names: Iterable[str]) -> str:
    """Names as a sentence lists them: "A", "A and B", "A, B and C"; nothing for none."""
    *before, last = list(names) or [""]
    return f"{', '.join(before)} and {last}" if before else last
