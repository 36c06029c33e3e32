"""Addresses of the unit directory."""

from __future__ import annotations

from django.urls import path

from qiao.org.units import views

app_name = "units"
urlpatterns = [
    path("", views.directory, name="directory"),
    path("<str:label>/", views.unit, name="unit"),
    path("<str:label>/found/", views.found, name="found"),
    path("<str:label>/rename/", views.rename, name="rename"),
    path("<str:label>/move/", views.move, name="move"),
]
