from estimates.models.budgets import Budget, BudgetReport, DrawDimension
from estimates.models.reference import PublishedClaim, TrainingRun
from estimates.models.scenarios import Scenario, ScenarioAllocation, ScenarioAssumption
from estimates.models.suppliers import InHouseTeam, InHouseTeamAssumption, RateCard, RateCardAssumption

__all__ = [
    "Budget",
    "BudgetReport",
    "DrawDimension",
    "InHouseTeam",
    "InHouseTeamAssumption",
    "PublishedClaim",
    "RateCard",
    "RateCardAssumption",
    "Scenario",
    "ScenarioAllocation",
    "ScenarioAssumption",
    "TrainingRun",
]
