"""Addresses of the news."""

from __future__ import annotations

from django.urls import path

from qiao.publish import views

app_name = "publish"
urlpatterns = [path("", views.news, name="news")]
