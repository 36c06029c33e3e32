"""Addresses of congress."""

from __future__ import annotations

from django.urls import URLPattern

app_name = "congress"
urlpatterns: list[URLPattern] = []
