"""Addresses of needs."""

from __future__ import annotations

from django.urls import path

from qiao.hear.needs import views

app_name = "needs"
urlpatterns = [
    path("", views.board, name="board"),
    path("from/<str:code>/", views.derive, name="derive"),
    path("<str:code>/", views.need, name="need"),
    path("<str:code>/word/", views.word, name="word"),
    path("<str:code>/publish/", views.publish, name="publish"),
    path("<str:code>/drop/", views.drop, name="drop"),
    path("<str:code>/answer/", views.answer, name="answer"),
]
