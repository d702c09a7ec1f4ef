"""The admin of prices: suppliers, scenarios, reports, and money on the project's page."""

from estimates.admin import projects, reference, reports, scenarios, suppliers

__all__ = ["projects", "reference", "reports", "scenarios", "suppliers"]
