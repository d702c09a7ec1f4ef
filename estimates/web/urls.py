"""Addresses of plans and prices."""

from django.urls import path

from estimates.web import catalogue_views, views

app_name = "estimates"
urlpatterns = [
    path("projects/<slug:slug>/", views.project_detail_view, name="project-detail"),
    path("projects/<slug:slug>/reports/", views.request_report_view, name="request-report"),
    path("reports/<int:pk>/", views.report_detail_view, name="report-detail"),
    path("reports/<int:pk>/status/", views.report_status_view, name="report-status"),
    path("reports/<int:pk>/retry/", views.retry_report_view, name="retry-report"),
    path("reference/", catalogue_views.reference_view, name="reference"),
    path("reference/rates/", catalogue_views.reference_rates_view, name="reference-rates"),
    path("reference/<slug:slug>/", catalogue_views.reference_campaign_view, name="reference-campaign"),
]
