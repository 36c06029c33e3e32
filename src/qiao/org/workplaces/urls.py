"""Addresses of workplaces."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "workplaces"
urlpatterns: list[URLPattern] = []
