"""Addresses of scorecards."""

from __future__ import annotations

from django.urls import path

from qiao.judge.scorecards import views

app_name = "scorecards"
urlpatterns = [
    path("", views.index, name="index"),
    path("unjudged/", views.unjudged, name="unjudged"),
    path("loop/", views.loop, name="loop"),
    path("loop/loop.csv", views.loop_file, name="loop_file"),
    path("unit/<str:label>/", views.unit, name="unit"),
    path("service/<str:topic>/", views.service, name="service"),
    path("provider/<str:reg_code>/", views.provider, name="provider"),
    path("project/<str:code>/", views.project, name="project"),
]
