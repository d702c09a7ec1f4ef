"""Lines of a form of which there may be any number: shares of a package, tiers of a price."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http import QueryDict

# More than anybody splits a price or a package into; what is sent beyond is not read.
MOST_LINES = 50


@dataclass
class Line:
    """What was typed into one line, and what is wrong with it, by the name of the control."""

    number: int
    texts: dict[str, str]
    errors: dict[str, list[str]] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        return not any(text.strip() for text in self.texts.values())

    def say(self, name: str, message: str) -> None:
        self.errors.setdefault(name, []).append(message)


def typed_lines(data: QueryDict, names: Sequence[tuple[str, str]]) -> list[Line]:
    """The lines as they were sent: each name's values stand in the order of the lines.

    names   (what a line calls it, what the control is called)
    """
    columns = {name: data.getlist(control)[:MOST_LINES] for name, control in names}
    count = max((len(values) for values in columns.values()), default=0)
    return [
        Line(
            number,
            {name: values[number - 1] if number <= len(values) else "" for name, values in columns.items()},
        )
        for number in range(1, count + 1)
    ]


def with_empty_line(lines: list[Line], names: Sequence[str], *, at_least: int = 1) -> list[Line]:
    """The lines and enough empty ones after them."""
    wanted = max(at_least, len(lines))
    return [*lines, *(Line(number, dict.fromkeys(names, "")) for number in range(len(lines) + 1, wanted + 1))]
