"""The published campaigns of the worked examples, as engine inputs built by hand."""

from collections.abc import Iterable
from decimal import Decimal

from estimates.engine.assumptions import Assumption
from estimates.engine.effort import HoursEffort, WorkPackageInputs
from estimates.engine.in_house import InHouseTeam
from estimates.engine.items import ItemsEffort
from estimates.engine.laws import BetaMean, Law, LogNormalRange, Number, Pert, Triangular
from estimates.engine.pricing import ProjectInputs
from estimates.engine.published import Claim, TrainingRun
from estimates.engine.scenario import Allocation, ScenarioInputs
from estimates.engine.staffing import Staffing
from estimates.engine.vendor import VendorOffer

D = Decimal


def certain(key: str, value: str) -> Assumption:
    return Assumption(key, Number(D(value)), D(value))


def uncertain(key: str, law: Law, point: str | None = None) -> Assumption:
    return Assumption(key, law, law.default_point if point is None else D(point))


def between(low: str, high: str) -> LogNormalRange:
    return LogNormalRange(D(low), D(high))


def triangular(low: str, mode: str, high: str) -> Triangular:
    return Triangular(D(low), D(mode), D(high))


def pert(low: str, mode: str, high: str) -> Pert:
    return Pert(D(low), D(mode), D(high))


def beta(mean: str, weight: str) -> BetaMean:
    return BetaMean(D(mean), D(weight))


def whole_project(slug: str, supplier: VendorOffer | InHouseTeam, *packages: str, **more) -> ScenarioInputs:
    """A scenario in which one supplier does everything."""
    allocations = tuple(Allocation(package, supplier) for package in packages)
    return ScenarioInputs(slug, slug.capitalize(), allocations, **more)


def project_of(
    packages: Iterable[WorkPackageInputs], scenarios: Iterable[ScenarioInputs], **more
) -> ProjectInputs:
    """A project in dollars whose keys get dimensions in order of first use."""
    scenarios = tuple(scenarios)
    given = {
        "project": "project",
        "name": "Project",
        "currency": "USD",
        "packages": tuple(packages),
        "scenarios": scenarios,
        "dimensions": {},
        "baseline": scenarios[0].slug,
    } | more
    undrawn = ProjectInputs(**given)
    keys = dict.fromkeys(each.key for each in undrawn.assumptions())
    return ProjectInputs(**(given | {"dimensions": {key: number for number, key in enumerate(keys)}}))


# InstructGPT: 20,000 hours of feedback, four ways to buy them.

HOURS = uncertain("hours", between("16000", "25000"))
LABOUR_HOUR = uncertain("labour-hour", between("24", "37.5"))
BILLED_HOUR = uncertain("billed-hour", between("24", "37.5"))
MARGIN = uncertain("margin", triangular(".40", ".50", ".60"))
UTILISATION = uncertain("utilisation", triangular(".65", ".80", ".90"))
SETUP = uncertain("setup", between("100000", "225000"))

FEEDBACK = WorkPackageInputs("feedback", "Feedback", HoursEffort(HOURS), staffing=None)
BILLED = VendorOffer("billed", "Billed by the hour", "hour", "billed", rate=BILLED_HOUR)
OPENED_UP = VendorOffer("opened-up", "Opened up", "hour", "billed", rate=BILLED_HOUR, margin=MARGIN)
COST_PLUS = VendorOffer("cost-plus", "Cost plus", "hour", "cost-plus-margin", rate=LABOUR_HOUR, margin=MARGIN)


def own_team(*, wage: Assumption = LABOUR_HOUR, utilisation: Assumption = UTILISATION) -> InHouseTeam:
    burden = certain("burden", "0.25")
    return InHouseTeam("team", "Own team", wage, burden, utilisation, setup=SETUP)


def instructgpt(*, team: InHouseTeam | None = None, cost_plus: VendorOffer = COST_PLUS) -> ProjectInputs:
    scenarios = [
        whole_project("outsourced", BILLED, "feedback"),
        whole_project("opened-up", OPENED_UP, "feedback"),
        whole_project("cost-plus", cost_plus, "feedback"),
        whole_project("in-house", team or own_team(), "feedback"),
    ]
    runs = (
        TrainingRun("gpt-3", "GPT-3", D("3600000")),
        TrainingRun("gpt-3-ai-index", "GPT-3, AI Index", D("4320000")),
        TrainingRun("gpt-3-epoch-cloud", "GPT-3, cloud price", D("4340000")),
        TrainingRun("gpt-3-epoch-amortised", "GPT-3, amortised", D("2200000")),
    )
    return project_of([FEEDBACK], scenarios, project="instructgpt", training_runs=runs)


# PRM800K: 800,000 step labels over 75,000 solutions, from people with advanced mathematics. Points that
# are quotients come as a database keeps them, to 9 decimals.

YIELD = uncertain("yield", beta(".738", "150"), "0.738196242")
STEPS = certain("steps-per-solution", "10.685046113")
MINUTES = uncertain("minutes-per-solution", between("1.0", "2.25"))
MINUTES_PER_STEP = uncertain("minutes-per-step", between("0.33", "0.76"), "0.5")
REVIEW_SHARE = uncertain("review-share", beta("0.1", "40"))
ONBOARDING = uncertain("onboarding-hours", between("9", "25"))
PRODUCTIVE_HOUR = uncertain("labour-hour", between("45", "80"))
ADVANCED_WAGE = uncertain("labour-hour", between("30.6", "54.4"))


def step_effort(**more: Assumption) -> ItemsEffort:
    fields: dict = {
        "accepted_items": certain("solutions", "75000"),
        "accepted_outputs": certain("step-labels", "800000"),
        "yield_share": YIELD,
        "overlap": certain("overlap", "1"),
        "gold_share": certain("gold-share", "0"),
        "rework_rate": certain("rework-rate", "0"),
        "minutes_per_judgement": MINUTES,
        "outputs_per_judgement": STEPS,
        "minutes_per_output": MINUTES_PER_STEP,
        "review_share": REVIEW_SHARE,
        "review_time_share": certain("review-time", "0.6"),
    }
    return ItemsEffort(**(fields | more))


def math_staffing(**more: Assumption) -> Staffing:
    fields: dict = {
        "seats": certain("seats", "40"),
        "planned_weeks": certain("planned-weeks", "26"),
        "attrition_per_week": certain("attrition", "0.01"),
        "onboarding_hours": ONBOARDING,
        "qualification_pass_rate": certain("pass-rate", "0.5"),
        "qualification_hours": certain("qualification-hours", "2"),
        "hours_per_week": certain("hours-per-week", "20"),
        "utilisation": certain("seat-utilisation", "0.85"),
    }
    return Staffing(**(fields | more))


def step_package(effort: ItemsEffort | None = None, staffing: Staffing | None = None) -> WorkPackageInputs:
    return WorkPackageInputs("steps", "Step labels", effort or step_effort(), staffing or math_staffing())


def math_vendor(**more) -> VendorOffer:
    terms = {
        "basis": "hour",
        "pricing": "cost-plus-margin",
        "rate": PRODUCTIVE_HOUR,
        "margin": certain("vendor-margin", "0.5"),
    }
    return VendorOffer("math-vendor", "Math vendor", **(terms | more))


def math_team(**more: Assumption | None) -> InHouseTeam:
    fields: dict = {
        "wage": ADVANCED_WAGE,
        "burden": certain("burden", "0.25"),
        "utilisation": certain("team-utilisation", "0.85"),
        "setup": certain("team-setup", "150000"),
        "recruiting_per_hire": certain("recruiting", "500"),
        "seat_cost_per_month": certain("seat-cost", "50"),
    }
    return InHouseTeam("math-team", "Math team", **(fields | more))


def prm800k() -> ProjectInputs:
    scenarios = [
        whole_project("vendor", math_vendor(), "steps"),
        whole_project("in-house", math_team(), "steps"),
        whole_project(
            "no-active-learning",
            math_vendor(),
            "steps",
            labeling_multiplier=certain("without-active-learning", "2.6"),
        ),
    ]
    claims = (Claim("several million", D("3000000"), "vendor"),)
    return project_of([step_package()], scenarios, project="prm800k", claims=claims)


PHI_LEVELS = {"p10": -1.2815515655446004, "p50": 0.0, "p80": 0.8416212335729143, "p90": 1.2815515655446004}
"""Standard normal quantiles of the printed levels."""
