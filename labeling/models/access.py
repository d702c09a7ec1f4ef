"""Who may do what: people, their roles on projects, invitations, and keys for programs."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from labeling.fields import AddressField
from labeling.rights import Role, Verb, is_somebody, roles_that_may

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser


class UserManager(BaseUserManager["User"]):
    """Makes people known by their e-mail address."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """Store a person; without a password only a sign-in link lets them in."""
        user = self.model(email=email, **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, **{**fields, "is_staff": True, "is_superuser": True})

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=username or "")


class User(AbstractBaseUser, PermissionsMixin):
    """A person who signs in, known by e-mail address."""

    email = AddressField("e-mail", unique=True)
    name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField("active", default=True)
    is_staff = models.BooleanField(
        "administrator", default=False, help_text="Sees and enters everything, in the admin too."
    )
    may_start_projects = models.BooleanField(
        default=False,
        help_text="May start projects of their own, and enter vendors, rate cards and teams.",
    )
    vendor = models.ForeignKey(
        "labeling.Vendor",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        help_text="For a contact of a vendor, who sees only what is sent to that vendor.",
    )
    date_joined = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    objects: ClassVar[UserManager] = UserManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once_whatever_case"),
            models.CheckConstraint(
                condition=Q(vendor__isnull=True)
                | Q(is_staff=False, is_superuser=False, may_start_projects=False),
                name="user_vendor_contact_is_no_insider",
                violation_error_message="A contact of a vendor can neither administer nor start projects.",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def clean(self) -> None:
        super().clean()
        if self.vendor_id is not None and not self._state.adding and self.memberships.exists():
            raise ValidationError({"vendor": "Somebody with a role on a project cannot speak for a vendor."})

    def can_somewhere(self, verb: Verb) -> bool:
        """Whether this person may do `verb` on at least one project."""
        return self.is_active and (
            self.is_staff or self.memberships.filter(role__in=roles_that_may(verb)).exists()
        )

    @property
    def is_insider(self) -> bool:
        """Whether prices of the whole organisation concern this person: rate cards, wages, exchange rates."""
        return self.vendor_id is None and (self.may_start_projects or self.can_somewhere(Verb.SEE_MONEY))


class MembershipQuerySet(models.QuerySet["Membership"]):
    def visible_to(self, user: "User | AnonymousUser") -> "MembershipQuerySet":
        """The memberships of the projects whose people this person manages, and their own."""
        if not is_somebody(user):
            return self.none()
        if user.is_staff:
            return self
        managed = Membership.objects.filter(user=user, role__in=roles_that_may(Verb.MANAGE_PEOPLE))
        return self.filter(Q(user=user) | Q(project__in=managed.values("project")))


class Membership(models.Model):
    """A person's role on a project."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships")
    project = models.ForeignKey("labeling.Project", models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=12, choices=Role.choices)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["project", "user"]
        constraints = [
            models.UniqueConstraint(fields=["user", "project"], name="membership_once_a_project"),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} of {self.project}"

    def clean(self) -> None:
        if User.objects.filter(pk=self.user_id, vendor__isnull=False).exists():
            raise ValidationError({"user": "A contact of a vendor can have no role on a project."})

    def allows(self, user: User, verb: Verb) -> bool:
        if verb == Verb.SEE and user.pk == self.user_id:
            return True
        return self.project.allows(user, Verb.MANAGE_PEOPLE)


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, *, now: datetime) -> "InvitationQuerySet":
        """Those that can still be accepted."""
        return self.filter(accepted_at__isnull=True, revoked_at__isnull=True, expires_at__gt=now)

    def visible_to(self, user: "User | AnonymousUser") -> "InvitationQuerySet":
        """The invitations to the projects whose people this person manages."""
        if not is_somebody(user):
            return self.none()
        if user.is_staff:
            return self
        managed = Membership.objects.filter(user=user, role__in=roles_that_may(Verb.MANAGE_PEOPLE))
        return self.filter(project__in=managed.values("project"))


class Invitation(models.Model):
    """A way in for one address: to a project, to a vendor's account, or to the organisation.

    Only a digest of the link's secret is stored.
    """

    email = AddressField("e-mail")
    project = models.ForeignKey(
        "labeling.Project", models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    role = models.CharField(max_length=12, choices=Role.choices, blank=True)
    vendor = models.ForeignKey(
        "labeling.Vendor", models.CASCADE, null=True, blank=True, related_name="invitations"
    )
    makes_administrator = models.BooleanField(default=False)
    may_start_projects = models.BooleanField(default=False)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    invited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, editable=False)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(project__isnull=True, role="") | Q(project__isnull=False, role__in=Role.values),
                name="invitation_role_with_project",
                violation_error_message="Say as what: a role goes with a project.",
            ),
            models.CheckConstraint(
                condition=Q(vendor__isnull=True)
                | Q(project__isnull=True, makes_administrator=False, may_start_projects=False),
                name="invitation_of_vendor_opens_nothing_else",
                violation_error_message="A contact of a vendor is invited to that vendor alone.",
            ),
            models.CheckConstraint(
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
                name="invitation_accepted_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.project or self.vendor or 'the organisation'}"

    def allows(self, user: User, verb: Verb) -> bool:
        return self.project is not None and self.project.allows(user, Verb.MANAGE_PEOPLE)


class Scope(models.TextChoices):
    """What a program may do with a key, within what its owner may do."""

    READ = "read", "read"
    WRITE = "write", "read and write"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, *, now: datetime) -> "ApiKeyQuerySet":
        """Those that still open the door."""
        return self.filter(
            Q(expires_at__isnull=True) | Q(expires_at__gt=now), revoked_at__isnull=True, user__is_active=True
        )

    def visible_to(self, user: "User | AnonymousUser") -> "ApiKeyQuerySet":
        """One's own keys; an administrator sees all."""
        if not is_somebody(user):
            return self.none()
        return self if user.is_staff else self.filter(user=user)


class ApiKey(models.Model):
    """What a program signs in with, as the person who made it. Only a digest of it is stored."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=100, help_text="What uses it, so that you know which one to revoke.")
    prefix = models.CharField(max_length=16, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scope = models.CharField(max_length=5, choices=Scope.choices)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        verbose_name = "API key"
        verbose_name_plural = "API keys"
        constraints = [
            models.CheckConstraint(condition=Q(scope__in=Scope.values), name="apikey_scope_known"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def allows(self, user: User, verb: Verb) -> bool:
        return user.pk == self.user_id
