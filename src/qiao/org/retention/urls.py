"""Addresses of retention."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "retention"
urlpatterns: list[URLPattern] = []
