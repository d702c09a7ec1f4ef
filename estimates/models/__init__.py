from estimates.models.budgets import Budget, BudgetReport, DrawDimension
from estimates.models.exchange import ExchangeRate
from estimates.models.reference import PublishedClaim, TrainingRun
from estimates.models.scenarios import Scenario, ScenarioAllocation, ScenarioAssumption
from estimates.models.suppliers import (
    InHouseTeam,
    InHouseTeamAssumption,
    RateCard,
    RateCardAssumption,
    RateTier,
)

__all__ = [
    "Budget",
    "BudgetReport",
    "DrawDimension",
    "ExchangeRate",
    "InHouseTeam",
    "InHouseTeamAssumption",
    "PublishedClaim",
    "RateCard",
    "RateCardAssumption",
    "RateTier",
    "Scenario",
    "ScenarioAllocation",
    "ScenarioAssumption",
    "TrainingRun",
]
