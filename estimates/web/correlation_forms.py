"""What a page asks for about inputs that move together: pairs, and those that are offered."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.http import QueryDict

from estimates.formatting import correlation
from estimates.models.correlations import MOST_PAIRS
from estimates.selectors import Plan
from estimates.services.correlations import KeyInUse, Offer, keys_in_use, offered_pairs
from labeling.models import Evidence
from labeling.web.assumption_rows import Cell
from labeling.web.entries import FILL, Entry, EntryForm, Problem, Section
from labeling.web.lines import Line, typed_lines, with_empty_line
from labeling.web.numbers import read_number, write_number

LABELS = {
    "key": "Input",
    "other": "moves with",
    "rho": "Correlation",
    "source": "Source",
    "source_url": "Link to it",
    "evidence": "How it is known",
}
LONGEST = {"source": 400, "source_url": 200}
ACCEPT = "accept"


@dataclass(frozen=True)
class Offered:
    """A pair that somebody may accept, in words."""

    number: int
    offer: Offer
    words: str
    other_words: str
    rho: str


@dataclass
class Choosable(Cell):
    """One control of a pair: a list to choose from, or a text where there are no choices."""

    choices: list[tuple[str, str]] = field(default_factory=list)


class Pairs:
    """The pairs of a project as lines of a form."""

    def __init__(self, plan: Plan, data: QueryDict | None) -> None:
        self.keys: Mapping[str, KeyInUse] = keys_in_use(plan)
        self.choices = [(key, one.words) for key, one in self.keys.items() if one.is_uncertain]
        self.evidences = [(one.value, one.label) for one in Evidence]
        self.rows_to_store: list[dict[str, Any]] = []
        self.numbers: list[Line] = []
        if data is None:
            lines = [
                Line(
                    number,
                    {
                        **{name: getattr(one, name) for name in LABELS if name != "rho"},
                        "rho": write_number(one.rho),
                    },
                )
                for number, one in enumerate(plan.correlations, start=1)
            ]
        else:
            lines = typed_lines(data, [(name, f"pair-{name}") for name in LABELS])
        self.offers = offered_pairs(plan)
        accepted = data.get(FILL, "") if data is not None else ""
        if accepted == ACCEPT or accepted.startswith(f"{ACCEPT}-"):
            lines = self._accepting(lines, accepted)
        named = {frozenset((line.texts["key"], line.texts["other"])) for line in lines}
        self.offered = [
            Offered(
                number=number,
                offer=one,
                words=self.keys[one.key].words,
                other_words=self.keys[one.other].words,
                rho=correlation(one.rho),
            )
            for number, one in enumerate(self.offers)
            if frozenset((one.key, one.other)) not in named
        ]
        self.pairs = with_empty_line(lines, list(LABELS), at_least=min(len(lines) + 1, MOST_PAIRS))

    def _accepting(self, lines: list[Line], accepted: str) -> list[Line]:
        """The lines with what was offered, as if it had been typed."""
        _, _, number = accepted.partition("-")
        taken = [one for at, one in enumerate(self.offers) if not number or str(at) == number]
        typed = [line.texts for line in lines if not line.is_empty]
        named = {frozenset((texts["key"], texts["other"])) for texts in typed}
        for one in taken:
            if frozenset((one.key, one.other)) not in named:
                typed.append({**one.row, "rho": write_number(one.rho)})
        return [Line(at, texts) for at, texts in enumerate(typed[:MOST_PAIRS], start=1)]

    @property
    def lines(self) -> list[tuple[Line, list[Choosable]]]:
        """Each line with its controls."""
        return [(line, [self._cell(line, name) for name in LABELS]) for line in self.pairs]

    def _cell(self, line: Line, name: str) -> Choosable:
        choices: list[tuple[str, str]] = []
        if name in {"key", "other"}:
            choices = self._inputs(line.texts[name])
        elif name == "evidence":
            choices = self.evidences
        return Choosable(
            name=f"pair-{name}",
            id=f"pair-{line.number}-{name}",
            label=LABELS[name],
            value=line.texts[name],
            errors=line.errors.get(name, []),
            choices=choices,
        )

    def _inputs(self, chosen: str) -> list[tuple[str, str]]:
        """The inputs to choose from; one that is no choice any more stays to be read, and is refused."""
        if not chosen or any(key == chosen for key, _ in self.choices):
            return self.choices
        known = self.keys.get(chosen)
        return [(chosen, known.words if known else chosen[:80]), *self.choices]

    # --- As a part of a page -----------------------------------------------------------------------

    def is_valid(self) -> bool:
        self.numbers = [line for line in self.pairs if not line.is_empty]
        self.rows_to_store = [self._read(line) for line in self.numbers]
        return not any(line.errors for line in self.pairs)

    def _read(self, line: Line) -> dict[str, Any]:
        texts = {name: text.strip() for name, text in line.texts.items()}
        for name in ("key", "other"):
            if not texts[name]:
                line.say(name, "Choose an input.")
        if texts["key"] and texts["key"] == texts["other"]:
            line.say("other", "Choose another input: nothing is correlated with itself.")
        for name, longest in LONGEST.items():
            if len(line.texts[name]) > longest:
                line.say(name, f"Use at most {longest} characters; this has {len(line.texts[name]):,}.")
            elif "\x00" in line.texts[name]:
                line.say(name, "Null characters are not allowed.")
        if not texts["source"]:
            line.say("source", "Say where this number comes from.")
        if texts["source_url"] and "source_url" not in line.errors:
            try:
                URLValidator(["http", "https"])(texts["source_url"])
            except ValidationError:
                line.say("source_url", "Give an address that begins with https:// or http://.")
        if texts["evidence"] not in Evidence.values:
            line.say("evidence", "Choose one of the list.")
        return {**texts, "rho": self._rho(line)}

    def _rho(self, line: Line) -> Decimal | None:
        typed = line.texts["rho"].strip().replace("−", "-")
        try:
            if not typed:
                raise ValidationError("Give this number.")
            rho = read_number(typed)
            if not -1 <= rho <= 1:
                raise ValidationError("A correlation lies between −1 and 1.")
        except ValidationError as error:
            line.say("rho", error.messages[0])
            return None
        return rho

    def keep_quiet(self) -> None:
        """Lines say what is wrong only once they have been read."""

    def problems(self) -> Iterator[Problem]:
        for line in self.pairs:
            for name, errors in line.errors.items():
                for error in errors:
                    yield Problem(
                        f"pair-{line.number}-{name}", f"Pair {line.number}, {LABELS[name].lower()}", error
                    )

    def answers(self) -> Iterator[tuple[str, str]]:
        for line in self.pairs:
            if not line.is_empty:
                texts = line.texts
                names = [
                    self.keys[key].words if key in self.keys else key
                    for key in (texts["key"], texts["other"])
                ]
                yield f"Pair {line.number}", f"{names[0]} with {names[1]}: {texts['rho']} ({texts['source']})"

    def refuse(self, name: str, messages: list[str]) -> bool:
        if not name.startswith("correlations."):
            return False
        _, number, at = name.split(".", 2)
        line = self.numbers[int(number) - 1]
        line.errors.setdefault(at if at in LABELS else "key", []).extend(messages)
        return True


class CorrelationsEntry(Entry):
    """All pairs of a project."""

    def __init__(self, plan: Plan, data: QueryDict | None = None) -> None:
        self.pairs = Pairs(plan, data)
        sections = [
            Section(
                "Pairs",
                text="Two inputs that are in no pair are independent. Empty a line to remove its pair.",
                lines=self.pairs,
            )
        ]
        super().__init__(EntryForm(data), self.pairs, sections=sections, row=plan.project)
