"""The application that makes our admin site the one that models are registered with."""

from django.contrib.admin.apps import AdminConfig


class AnnotallyAdminConfig(AdminConfig):
    default_site = "config.admin_site.AdminSite"
