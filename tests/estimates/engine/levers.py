"""A small campaign and one lever of each kind, with figures that are easy to work out by hand."""

from dataclasses import replace

from estimates.engine.levers.active_learning import ActiveLearning
from estimates.engine.levers.ai_labels import AiLabels
from estimates.engine.levers.base import Lever
from estimates.engine.levers.decomposition import Decomposition
from estimates.engine.levers.distillation import Distillation
from estimates.engine.levers.oversight import Oversight
from estimates.engine.levers.pre_labels import PreLabels
from estimates.engine.levers.routing import Routing
from estimates.engine.pricing import price_project
from estimates.engine.scenario import ScenarioInputs
from tests.estimates.engine import campaigns
from tests.estimates.engine.campaigns import ItemsEffort, certain, project_of, whole_project
from tests.estimates.engine.vendor_work import offer

# A call of 1,000 tokens read and 500 written at $10 and $20 a million: two cents.
CALL = {"tokens_in": "1000", "tokens_out": "500", "price_in": "10", "price_out": "20"}


def pairs(slug: str = "pairs", **inputs: str):
    """10,000 items of 6 minutes, one judgement each: 1,000 hours; a tenth reviewed in half the time."""
    given = {
        "accepted_items": "10000",
        "yield_share": "1",
        "overlap": "1",
        "gold_share": "0",
        "rework_rate": "0",
        "minutes_per_judgement": "6",
        "review_share": "0.1",
        "review_time_share": "0.5",
    } | inputs
    effort = ItemsEffort(**{name: certain(f"{slug}-{name}", value) for name, value in given.items()})
    package = campaigns.step_package(effort)
    return replace(package, slug=slug, name=slug.capitalize(), staffing=None)


def stated(kind: type[Lever], packages: tuple[str, ...] = (), **inputs) -> Lever:
    """A lever whose inputs are certain unless an assumption is given."""
    return kind(
        packages=packages,
        **{
            name: certain(f"{kind.KIND}-{name}", value) if isinstance(value, str) else value
            for name, value in inputs.items()
        },
    )


def active_learning(**inputs) -> Lever:
    given = {"efficiency": "2", "seed_items": "500", "scored_per_item": "3", "rounds": "4"}
    return stated(ActiveLearning, **(given | CALL | {"retraining_cost": "250"} | inputs))


def distillation(**inputs) -> Lever:
    return stated(Distillation, **({"teacher_share": "0.4", "teacher_items_per_item": "2"} | CALL | inputs))


def decomposition(**inputs) -> Lever:
    given = {"branching": "3", "depth": "2", "task_minutes": "1", "minutes_ratio": "0.5"}
    return stated(Decomposition, **(given | {"people_part": "0.6"} | CALL | inputs))


MODEL = {"passes": "2", "votes": "1", "audit_share": "0.1", "model_error": "0.2", "audit_sensitivity": "0.75"}


def ai_labels(**inputs) -> Lever:
    return stated(AiLabels, **(MODEL | CALL | {"correction_share": "1"} | inputs))


def routing(**inputs) -> Lever:
    return stated(Routing, **(MODEL | CALL | {"auto_share": "0.7", "people_error": "0.05"} | inputs))


def pre_labels(**inputs) -> Lever:
    given = {"suggestion_accuracy": "0.8", "time_saved": "0.5", "time_lost": "0.25"}
    return stated(PreLabels, **(given | CALL | inputs))


def oversight(**inputs) -> Lever:
    given = {"compute_cost": "50000", "oversight_share": "0.01", "reviews_taken": "0.6"}
    return stated(Oversight, **(given | inputs))


MAKERS = {
    "active-learning": active_learning,
    "distillation": distillation,
    "decomposition": decomposition,
    "ai-labels": ai_labels,
    "routing": routing,
    "pre-labels": pre_labels,
    "oversight": oversight,
}


def by_the_hour(*levers: Lever, packages: tuple[str, ...] = ("pairs",), **terms) -> ScenarioInputs:
    """A vendor that bills $30 an hour for everything."""
    vendor = offer(**({"rate": certain("rate", "30")} | terms))
    return whole_project("vendor", vendor, *packages, levers=levers)


def priced(*scenarios: ScenarioInputs, packages=None, draws: int = 1024, **more):
    """The document of the scenarios over the small campaign."""
    return price_project(project_of(packages or [pairs()], scenarios, **more), seed=1, draws=draws)
