"""The admin of plans and people. It knows no prices: estimates adds them to the project's page."""

from labeling.admin import memberships, people, projects, workforce

__all__ = ["memberships", "people", "projects", "workforce"]
