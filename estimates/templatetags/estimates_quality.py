"""The picture of the designs of a work package: accuracy against cost per item."""

from collections.abc import Mapping
from typing import Any

from django import template

from estimates.formatting import accuracy, money
from estimates.services.plan_quality import design_words
from estimates.templatetags.estimates_charts import distribution_scale

register = template.Library()

# Of the plot, in pixels; the template draws around it.
TOP, HEIGHT = 16, 170
# Where the scale of accuracies begins: the highest of these that all designs lie above.
FLOORS = (0.9, 0.8, 0.5, 0.0)


@register.inclusion_tag("estimates/_accuracy_picture.html")
def accuracy_picture(quality: Mapping[str, Any]) -> dict[str, Any]:
    """Every design as a dot, those worth choosing joined by steps."""
    currency, designs = quality["currency"], quality["designs"]
    efficient = [one for one in designs if one["is_efficient"]]
    # What is dearer than the dearest worth choosing would only press the others together.
    last = float(efficient[-1]["per_item"])
    shown = [one for one in designs if float(one["per_item"]) <= last]
    scale = distribution_scale(0, last, currency)
    wanted = quality["wanted_accuracy"]
    lowest = min(wanted, *(one["accuracy"] for one in shown), 1.0)
    floor = next(one for one in FLOORS if lowest >= one)

    def height(right: float) -> float:
        return (right - floor) / (1 - floor)

    def y(right: float) -> str:
        return f"{TOP + HEIGHT * (1 - height(right)):.1f}"

    steps: list[tuple[float, float]] = []
    for one in efficient:
        x, up = scale.share(one["per_item"]), height(one["accuracy"])
        if steps:
            steps.append((x, steps[-1][1]))
        steps.append((x, up))
    first, best = efficient[0], efficient[-1]
    words = (
        f"Accuracy against cost per item: from {accuracy(first['accuracy'])} at "
        f"{money(first['per_item'], currency)} to {accuracy(best['accuracy'])} at "
        f"{money(best['per_item'], currency)}. The table below has the same figures."
    )
    return {
        "words": words,
        "top": TOP,
        "height": HEIGHT,
        "wanted": wanted,
        "wanted_y": y(wanted),
        "levels": [{"share": share, "y": y(share)} for share in (floor, (1 + floor) / 2, 1.0)],
        "ticks": scale.ticks,
        "curve": " ".join(f"{x * 100:.2f},{(1 - up) * 100:.2f}" for x, up in steps),
        "dots": [
            {
                "x": scale.x(one["per_item"]),
                "y": y(one["accuracy"]),
                "is_efficient": one["is_efficient"],
                "words": (
                    f"{design_words(one)}: {accuracy(one['accuracy'])}, {money(one['per_item'], currency)}"
                ),
            }
            # Those worth choosing last, so that none is hidden.
            for one in sorted(shown, key=lambda one: one["is_efficient"])
        ],
    }
