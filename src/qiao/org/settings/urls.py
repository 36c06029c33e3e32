"""Addresses of unit settings."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "unit_settings"
urlpatterns: list[URLPattern] = []
