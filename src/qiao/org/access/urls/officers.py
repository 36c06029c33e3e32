"""Addresses of a unit's officers and of closing the unit."""

from __future__ import annotations

from django.urls import path

from qiao.org.access.views import officers

app_name = "officers"
urlpatterns = [
    path("<str:label>/officers/", officers.officers, name="officers"),
    path("<str:label>/officers/<int:grant_id>/end/", officers.end, name="end_grant"),
]
