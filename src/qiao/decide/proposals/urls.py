"""Addresses of proposals."""

from __future__ import annotations

from django.urls import path

from qiao.decide.proposals import views

app_name = "proposals"
urlpatterns = [
    path("", views.board, name="board"),
    path("new/", views.raise_proposal, name="raise"),
    path("from/<str:code>/", views.from_candidate, name="from_candidate"),
    path("<str:code>/", views.proposal, name="proposal"),
    path("<str:code>/revise/", views.revise, name="revise"),
    path("<str:code>/reject/", views.reject, name="reject"),
]
