"""Addresses of the access table."""

from __future__ import annotations

from django.urls import path

from qiao.org.access.views import table, ties

app_name = "access"
urlpatterns = [
    path("", table.table, name="table"),
    path("mine/", table.mine, name="mine"),
    path("mine/ties/", ties.ties, name="ties"),
    path("mine/ties/<int:tie_id>/end/", ties.end, name="end_tie"),
]
