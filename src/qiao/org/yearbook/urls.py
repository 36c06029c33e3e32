"""Addresses of yearbook."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "yearbook"
urlpatterns: list[URLPattern] = []
