"""Addresses of ballots."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "ballots"
urlpatterns: list[URLPattern] = []
