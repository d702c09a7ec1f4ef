"""The admin of prices: suppliers, scenarios, reports, and money on the project's page."""

from estimates.admin import catalogue, mix, projects, reference, reports, scenarios, suppliers

__all__ = ["catalogue", "mix", "projects", "reference", "reports", "scenarios", "suppliers"]
