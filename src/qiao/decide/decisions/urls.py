"""Addresses of decisions."""

from __future__ import annotations

from django.urls import path

from qiao.decide.decisions import views

app_name = "decisions"
urlpatterns = [
    path("", views.board, name="board"),
    path("new/", views.take, name="new"),
    path("programme/", views.programme, name="programme"),
    path("programme/<int:year>/", views.programme, name="programme_of"),
    path("<str:code>/", views.decision, name="decision"),
]
