"""Addresses of mandates."""

from __future__ import annotations

from django.urls import path

from qiao.org.mandates import views

app_name = "mandates"
urlpatterns = [
    path("<str:label>/people/", views.people, name="people"),
    path("<str:label>/people/enter/", views.enter, name="enter"),
    path("<str:label>/people/<int:key>/channel/", views.channel, name="channel"),
    path("<str:label>/people/<int:key>/own/", views.own, name="own"),
    path("<str:label>/people/<int:key>/end/", views.end, name="end"),
    path("<str:label>/tests/", views.tests, name="tests"),
    path("<str:label>/tests/<int:key>/", views.test, name="test"),
]
