from labeling.models.access import ApiKey, Invitation, Membership, Scope, User
from labeling.models.assumptions import Assumption, Evidence, Law, SpreadOf
from labeling.models.idempotency import IdempotentAnswer
from labeling.models.jobs import Job
from labeling.models.projects import Guideline, Project, WorkPackage, WorkPackageAssumption
from labeling.models.versions import EditConflict, VersionedModel
from labeling.models.workforce import Tier, Vendor
from labeling.rights import Role, Verb, may

__all__ = [
    "ApiKey",
    "Assumption",
    "EditConflict",
    "Evidence",
    "Guideline",
    "IdempotentAnswer",
    "Invitation",
    "Job",
    "Law",
    "Membership",
    "Project",
    "Role",
    "Scope",
    "SpreadOf",
    "Tier",
    "User",
    "Vendor",
    "Verb",
    "VersionedModel",
    "WorkPackage",
    "WorkPackageAssumption",
    "may",
]
