from labeling.models.access import User
from labeling.models.assumptions import Assumption, Evidence, Law
from labeling.models.jobs import Job
from labeling.models.projects import Project, WorkPackage, WorkPackageAssumption
from labeling.models.workforce import Tier, Vendor

__all__ = [
    "Assumption",
    "Evidence",
    "Job",
    "Law",
    "Project",
    "Tier",
    "User",
    "Vendor",
    "WorkPackage",
    "WorkPackageAssumption",
]
