"""Addresses of the access table."""

from __future__ import annotations

from django.urls import path

from qiao.org.access import views

app_name = "access"
urlpatterns = [path("", views.table, name="table")]
