"""How the inputs of each lever are shown: grouped, explained, with what is offered.

What is offered names its source and is filled in by a button only.
"""

from collections.abc import Mapping

from estimates.models.levers import CALL_INPUTS, KIND_INPUTS, OPTIONAL_INPUTS, LeverKind
from labeling.models import Evidence
from labeling.web.assumption_rows import Suggestion
from labeling.web.assumption_set import Group, Layout

PILOT = "Annotally's default, to be replaced by a pilot"
ABOUT: Mapping[str, str] = {
    LeverKind.ACTIVE_LEARNING: "A model chooses which items are worth labeling, so that fewer are.",
    LeverKind.DISTILLATION: "A larger teacher's tokens take the place of people for a share of the items.",
    LeverKind.DECOMPOSITION: (
        "A long task becomes a tree of short ones, some done by people and some by a model."
    ),
    LeverKind.AI_LABELS: "A model labels every item; people audit a share of its labels.",
    LeverKind.ROUTING: "A model labels what it is sure of; people label the rest and audit a share.",
    LeverKind.PRE_LABELS: "People correct what a model suggests.",
    LeverKind.OVERSIGHT: (
        "Models take over a share of the reviews, paid as a share of the compute they oversee."
    ),
}
"""What each lever does, in a sentence."""


def offer(name: str, text: str, law: str, source: str = PILOT, **numbers: str) -> Suggestion:
    return Suggestion(name=name, text=text, law=law, numbers=numbers, source=source)


def published(name: str, text: str, law: str, source: str, **numbers: str) -> Suggestion:
    return Suggestion(name=name, text=text, law=law, numbers=numbers, source=source, evidence=Evidence.READ)


RLAIF = "Lee et al. 2023, RLAIF, appendix L"
BOOKS = "Wu et al. 2021, Recursively Summarizing Books, appendix E.1"
MODEL_OFFERS = [
    published("passes", "Use 2: both orders of a pair (RLAIF)", "number", RLAIF, point="2"),
    offer("votes", "Use 1 (an assumption)", "number", point="1"),
    published("tokens_in", "Use 830 for a pair (RLAIF)", "number", RLAIF, point="830"),
    published("tokens_out", "Use 61 for a pair (RLAIF)", "number", RLAIF, point="61"),
    offer("audit_share", "Use 5 % (an assumption)", "number", point="5"),
    offer(
        "model_error",
        "Use 5–15–30 % (an assumption)",
        "triangular",
        low="5",
        mode="15",
        high="30",
    ),
    offer(
        "audit_sensitivity",
        "Use 60–80–95 % (an assumption)",
        "triangular",
        low="60",
        mode="80",
        high="95",
    ),
]
SUGGESTIONS: Mapping[str, list[Suggestion]] = {
    LeverKind.ACTIVE_LEARNING: [
        published(
            "efficiency",
            "Use 1.0–2.6: up to the published ratio of slopes on synthetic supervision",
            "range",
            "Lightman et al. 2023, Let's Verify Step by Step, section 4: 2.6 at most; 1.0 is no gain",
            low="1",
            high="2.6",
        ),
    ],
    LeverKind.DISTILLATION: [
        offer("teacher_items_per_item", "Use 1–3 (an assumption)", "range", low="1", high="3"),
    ],
    LeverKind.DECOMPOSITION: [
        published(
            "task_minutes",
            "Use 10–15 minutes: a demonstration or three comparisons at any height (book summaries)",
            "range",
            BOOKS,
            low="10",
            high="15",
        ),
    ],
    LeverKind.AI_LABELS: [
        *MODEL_OFFERS,
        offer("correction_share", "Use 100 %: as long as a judgement (an assumption)", "number", point="100"),
    ],
    LeverKind.ROUTING: MODEL_OFFERS,
    LeverKind.PRE_LABELS: [
        offer(
            "suggestion_accuracy",
            "Use 60–75–90 % (an assumption)",
            "triangular",
            low="60",
            mode="75",
            high="90",
        ),
        offer("time_saved", "Use 20–40–60 % (an assumption)", "triangular", low="20", mode="40", high="60"),
        offer("time_lost", "Use 5–15–30 % (an assumption)", "triangular", low="5", mode="15", high="30"),
    ],
    LeverKind.OVERSIGHT: [
        offer("oversight_share", "Use 1–2–5 % (an assumption)", "triangular", low="1", mode="2", high="5"),
        offer(
            "reviews_taken", "Use 20–50–80 % (an assumption)", "triangular", low="20", mode="50", high="80"
        ),
    ],
}
HELP = {
    "efficiency": "Items chosen at random that one chosen item stands for; 1 is no gain.",
    "seed_items": "Labelled before there is a model to choose.",
    "scored_per_item": "Over all rounds, for each item wanted.",
    "teacher_share": "Of the items wanted.",
    "teacher_items_per_item": "How many items of the teacher's do the work of one of people's.",
    "branching": "How many tasks one task is made of.",
    "depth": "A whole number: 0 is the task at the top alone.",
    "minutes_ratio": "0.5 where a task takes half the minutes of the one it is part of.",
    "people_part": "The same on every level; a model does the others.",
    "passes": "2 where a pair is asked about in both orders.",
    "audit_sensitivity": "An auditor does not find every error.",
    "correction_share": "Beside the audit itself: 100 % where the label is made anew.",
    "people_error": "To hold the model's error against.",
    "auto_share": "Above the confidence from which its label is taken.",
    "loss": "In money: it says below which confidence an item should go to a person.",
    "time_saved": "Of a judgement's minutes.",
    "time_lost": "Of a judgement's minutes: reading and discarding a wrong suggestion.",
    "error_without": "From gold items that are served both ways.",
    "error_with": "From gold items that are served both ways.",
    "compute_cost": "The training or inference that is watched over.",
    "reviews_taken": "People do the others.",
    "price_in": "Lists quote it per million tokens.",
}


def layout_of(kind: str, offered: list[Suggestion]) -> Layout:
    """The layout of a lever's inputs; `offered` are list prices of models."""
    inputs = KIND_INPUTS[kind]
    optional = OPTIONAL_INPUTS.get(kind, frozenset())
    own = [name for name in inputs if name not in CALL_INPUTS and name not in optional]
    call = [name for name in inputs if name in CALL_INPUTS]
    groups = [Group("What it does", own)]
    if call:
        groups.append(Group("A call of the model", call, "What one label, score or task is asked with."))
    if optional:
        groups.append(
            Group("What is known of errors", [name for name in inputs if name in optional], folded=True)
        )
    return Layout(
        groups=groups,
        help=HELP,
        needed=set(inputs) - optional,
        suggestions=[*SUGGESTIONS[kind], *offered],
    )
