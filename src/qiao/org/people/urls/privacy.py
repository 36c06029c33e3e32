"""Addresses of the desk of data protection, and of corrections waiting for an officer."""

from __future__ import annotations

from django.urls import path

from qiao.org.people.views import privacy

app_name = "privacy"
urlpatterns = [
    path("", privacy.requests, name="requests"),
    path("corrections/", privacy.corrections, name="corrections"),
    path("corrections/<str:code>/", privacy.correction, name="correction"),
    path("kin/", privacy.kin, name="kin"),
    path("requests/<str:code>/", privacy.decide, name="decide"),
    path("requests/<str:code>/data.zip", privacy.kin_download, name="kin_download"),
]
