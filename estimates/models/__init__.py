from estimates.models.budgets import Budget, BudgetReport, DrawDimension
from estimates.models.exchange import ExchangeRate
from estimates.models.mix import MixErrorLimit, MixExclusion, MixRules
from estimates.models.reference import (
    CampaignTask,
    Conflict,
    FactLink,
    PublishedClaim,
    RateGroup,
    ReferenceCampaign,
    ReferenceFact,
    Source,
    TrainingRun,
)
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
    "CampaignTask",
    "Conflict",
    "DrawDimension",
    "ExchangeRate",
    "FactLink",
    "InHouseTeam",
    "InHouseTeamAssumption",
    "MixErrorLimit",
    "MixExclusion",
    "MixRules",
    "PublishedClaim",
    "RateCard",
    "RateCardAssumption",
    "RateGroup",
    "RateTier",
    "ReferenceCampaign",
    "ReferenceFact",
    "Scenario",
    "ScenarioAllocation",
    "ScenarioAssumption",
    "Source",
    "TrainingRun",
]
