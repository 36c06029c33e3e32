"""Addresses of appeals."""

from __future__ import annotations

from django.urls import path

from qiao.org.appeals import views

app_name = "appeals"
urlpatterns = [
    path("", views.board, name="board"),
    path("receipt/", views.by_receipt, name="by_receipt"),
    path("<str:code>/", views.appeal, name="appeal"),
    path("<str:code>/take-up/", views.take_up, name="take_up"),
    path("<str:code>/second/", views.second, name="second"),
    path("<str:code>/withdraw/", views.withdraw, name="withdraw"),
]
