"""What drives the range, what to hold beside it, and the class it claims, as JSON and in sentences."""

from collections.abc import Sequence
from decimal import Decimal
from math import sqrt

from estimates.engine.contingency import BASE_LEVEL, DEFAULT_LEVEL, Contingency
from estimates.engine.costs import PricedLine
from estimates.engine.document import Json, Printer, share
from estimates.engine.estimate_class import SOURCE, ClassCheck
from estimates.engine.sensitivity import Influence, Sensitivity
from estimates.engine.summary import Summary
from estimates.engine.variance_shares import VarianceShare
from wording import listed

SENTENCES = 3
"""So many inputs at most are said to be worth knowing."""
WORTH_SAYING = 0.01
NOTHING_UNCERTAIN = "Every input of this scenario is a fixed number, so there is no range to explain."
NOTHING_MOVES = "The uncertain inputs of this scenario do not move its total."


def sensitivity_part(found: Sensitivity | None, summary: Summary, *, printer: Printer) -> Json:
    """One scenario's uncertain inputs, most variance first; None for a total that is certain."""
    if found is None:
        return {"finding": NOTHING_UNCERTAIN, "inputs": [], "others": None, "worth_knowing": [], "notes": []}
    others = None
    if found.others is not None:
        others = {
            "count": found.others.count,
            "rank_share": share(found.others.rank_share),
            **_variance_part(found.others.variance),
        }
    return {
        "finding": _finding(found),
        "base": printer.money(found.base),
        "mean": printer.money(summary.mean),
        "inputs": [_influence_part(each, printer=printer) for each in found.influences],
        "others": others,
        "worth_knowing": [
            _worth_knowing(each, summary, printer=printer) for each in _worth_saying(found)[:SENTENCES]
        ],
        "index_draws": found.draws,
        "notes": _notes(found),
    }


def _influence_part(influence: Influence, *, printer: Printer) -> Json:
    return {
        "key": influence.input.key,
        "label": influence.input.label,
        "owner": influence.input.owner,
        "readings": [
            {
                "owner": reading.owner,
                "label": reading.label,
                "unit": reading.unit,
                "p10": _figure(reading.p10),
                "p90": _figure(reading.p90),
            }
            for reading in influence.input.readings
        ],
        "low": printer.money(influence.low),
        "low_error": printer.money(influence.low_error),
        "high": printer.money(influence.high),
        "high_error": printer.money(influence.high_error),
        "swing_low": printer.money(influence.swing_low),
        "swing_high": printer.money(influence.swing_high),
        "rank_correlation": share(influence.correlation),
        "rank_share": share(influence.rank_share),
        **_variance_part(influence.variance),
        "together_with": list(influence.together),
    }


def _variance_part(variance: VarianceShare) -> Json:
    return {
        "first_order": share(variance.first),
        "first_order_error": share(variance.first_error),
        "total_order": share(variance.total),
        "total_order_error": share(variance.total_error),
    }


def _figure(value: float) -> str:
    """A quantity to six significant digits, without an exponent."""
    return f"{Decimal(f'{value:.6g}'):f}"


def _worth_saying(found: Sensitivity) -> list[Influence]:
    return [
        each
        for each in found.most_worth_knowing
        if each.variance.first > max(WORTH_SAYING, each.variance.first_error)
    ]


def _finding(found: Sensitivity) -> str:
    """Which inputs drive the range, in a sentence: the fewest that make up half of the variance, of two."""
    leading = _worth_saying(found)
    if not leading:
        if found.others is not None or found.influences:
            return "No single input drives the range: many small ones make it up together."
        return NOTHING_MOVES
    first = leading[0]
    if first.variance.first >= 0.5 or len(leading) == 1:
        part = _percent(first.variance.first)
        verb = "drive" if first.together else "drives"
        return f"{_name(first)} {verb} the range, with {part} of the variance."
    second = leading[1]
    part = _percent(first.variance.first + second.variance.first)
    return f"{_name(first)} and {_name(second)} drive the range, with {part} of the variance between them."


def _worth_knowing(influence: Influence, summary: Summary, *, printer: Printer) -> str:
    """What would be won if an input were known: the variance that goes, and the range that is left."""
    part = min(max(influence.variance.first, 0.0), 1.0)
    left = sqrt(1 - part)
    wide = summary.p90 - summary.p10
    return (
        f"If {_name(influence, inside=True)} were known, {_percent(part)} of the variance would go, and the "
        f"span from P10 to P90 would shrink by about {_percent(1 - left)}, from "
        f"{printer.drawn_sentence_money(wide)} to some {printer.drawn_sentence_money(wide * left)}."
    )


def _name(influence: Influence, *, inside: bool = False) -> str:
    """An input with its owner, and with those it moves together with."""
    label = influence.input.label
    if not inside:
        label = label[:1].upper() + label[1:]
    elif label[1:2].islower():  # no abbreviation
        label = label[:1].lower() + label[1:]
    named = f"{label} ({influence.input.owner})"
    if influence.together:
        named += f" together with {listed(influence.together)}"
    return named


def _percent(part: float) -> str:
    return f"{100 * part:.0f} %"


def _notes(found: Sensitivity) -> list[str]:
    from_draws = (
        "Low and high are the mean cost of the outcomes in which the input lies in its lowest and in its "
        "highest tenth, while all others vary."
    )
    alone = "One at a time, the input is set to its own P10 and P90 and all others stay at their points."
    indices = (
        f"Shares of the variance are computed on {found.draws:,} draws; ± is how far another seed moves "
        "them, in 99 of 100 cases. The first is the input's own; the second counts what it does together "
        "with others."
    )
    together = list(dict.fromkeys(each.input.label for each in found.influences if each.together))
    if not together:
        return [from_draws, alone, indices]
    in_groups = (
        f"{listed(together)} are not drawn independently: their shares of the variance cannot be told "
        "apart, and each shows those of its whole group."
    )
    return [from_draws, alone, indices, in_groups]


def contingency_part(
    found: Contingency, lines: Sequence[PricedLine], check: ClassCheck | None, *, printer: Printer
) -> Json:
    """What to hold to each level, and each line's part of it; the parts add up to the cent."""
    return {
        "base_level": BASE_LEVEL,
        "base": printer.money(found.base),
        "default_level": DEFAULT_LEVEL,
        "levels": [
            {
                "level": each.level,
                "amount": printer.money(each.amount),
                "error": printer.money(each.error),
                "contingency": printer.money(each.contingency),
                "lines_on_their_own": printer.money(each.lines_on_their_own),
                "lines": [
                    {"code": code, "amount": printer.money(amount)} for code, amount in each.by_line.items()
                ],
            }
            for each in found.levels
        ],
        "lines": [
            {"code": line.code, "label": line.label, "covariance_share": share(found.shares[line.code])}
            for line in lines
        ],
        "management_reserve": printer.money(found.management_reserve),
        "estimate_class": None if check is None else _class_part(check),
    }


def _class_part(check: ClassCheck) -> Json:
    of = check.estimate_class
    return {
        "number": of.number,
        "title": of.title,
        "rests_on": of.rests_on,
        "low": [-share(end) for end in of.low],
        "high": [share(end) for end in of.high],
        "computed_low": -share(check.low),
        "computed_high": share(check.high),
        "warning": check.warning,
        "source": SOURCE,
    }
