"""Addresses of retention."""

from __future__ import annotations

from django.urls import path

from qiao.org.retention import views

app_name = "retention"
urlpatterns = [
    path("", views.table, name="table"),
    path("proofs/", views.proofs, name="proofs"),
    path("holds/new/", views.hold, name="hold"),
    path("holds/<int:hold_id>/end/", views.end_hold, name="end_hold"),
]
