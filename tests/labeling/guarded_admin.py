"""Addresses with an admin behind the one sign-in, as the product mounts it."""

from django.urls import path
from unfold.sites import UnfoldAdminSite

from config.urls import urlpatterns as product
from labeling.web.admin_entrance import guard_admin

site = UnfoldAdminSite()
guard_admin(site)
urlpatterns = [path("admin/", site.urls), *product]
