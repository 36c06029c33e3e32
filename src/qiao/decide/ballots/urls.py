"""Addresses of ballots."""

from __future__ import annotations

from django.urls import path

from qiao.decide.ballots import views

app_name = "ballots"
urlpatterns = [
    path("", views.board, name="board"),
    path("new/", views.plan, name="new"),
    path("<str:code>/", views.ballot, name="ballot"),
    path("<str:code>/open/", views.open_vote, name="open"),
    path("<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:code>/vote/", views.vote, name="vote"),
    path("<str:code>/voted/", views.voted, name="voted"),
    path("<str:code>/count/", views.count, name="count"),
    path("<str:code>/result.pb", views.download, name="download"),
]
