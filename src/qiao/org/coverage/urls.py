"""Addresses of coverage."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "coverage"
urlpatterns: list[URLPattern] = []
