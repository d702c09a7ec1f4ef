"""Which inputs move together, as JSON: what was asked for, what was drawn, and why that may differ."""

from itertools import combinations

from estimates.engine.correlation import TOLD_APART, Group, groups_of
from estimates.engine.document import Json, share
from estimates.engine.project import ProjectInputs


def correlations_part(inputs: ProjectInputs) -> Json:
    """The pairs of a project that has some.

    pairs     each with both keys and their labels, the rank correlation asked for and the one drawn
    adjusted  whether the pairs cannot all hold at once, so that the nearest ones that can were drawn
    sentence  what that means, None when nothing was adjusted
    """
    labels: dict[str, str] = {}
    for each in inputs.assumptions():
        labels.setdefault(each.key, each.label or each.key)
    groups = groups_of(inputs.correlations, inputs.used_dimensions())
    group_of = {key: group for group in groups for key in group.keys}
    pairs: list[Json] = []
    for correlation in inputs.correlations:
        key, other = correlation.key, correlation.other
        pairs.append(
            {
                **_named(key, other, labels),
                "asked": share(correlation.rho),
                "used": share(group_of[key].rank_correlation(key, other)),
                "source": correlation.source,
            }
        )
    asked = {correlation.pair for correlation in inputs.correlations}
    for group in groups:
        pairs += [
            {**_named(key, other, labels), "asked": 0.0, "used": share(drawn), "source": ""}
            for key, other, drawn in _moved(group)
            if frozenset((key, other)) not in asked
        ]
    adjusted = any(group.is_adjusted for group in groups)
    return {"pairs": pairs, "adjusted": adjusted, "sentence": ADJUSTED if adjusted else None}


ADJUSTED = (
    "These correlations cannot all hold at once: two inputs that move closely with a third one move with "
    "each other. The nearest ones that can were drawn."
)


def _named(key: str, other: str, labels: dict[str, str]) -> Json:
    return {"key": key, "label": labels[key], "other": other, "other_label": labels[other]}


def _moved(group: Group) -> list[tuple[str, str, float]]:
    """Pairs that come out correlated without anybody having asked for it."""
    if not group.is_adjusted:
        return []
    drawn = [(key, other, group.rank_correlation(key, other)) for key, other in combinations(group.keys, 2)]
    return [each for each in drawn if abs(each[2]) > TOLD_APART]
