"""Addresses of evaluators' organisations."""

from __future__ import annotations

from django.urls import path

from qiao.judge.evaluators import views

app_name = "evaluators"
urlpatterns = [
    path("", views.index, name="index"),
    path("new/", views.new, name="new"),
    path("people/", views.people, name="people"),
    path("people/<int:key>/end/", views.end, name="end"),
]
