"""Joining, the state of an application, and whether a card is valid."""

from __future__ import annotations

from django.urls import path

from qiao.org.joining.views import apply, by_receipt, own, state

app_name = "joining"
urlpatterns = [
    path("", apply.join, name="join"),
    path("card/<str:token>/", own.check_card, name="card"),
    path("<str:receipt>/", state.state, name="state"),
    path("<str:receipt>/member/", by_receipt.member, name="member"),
    path("<str:receipt>/act/", state.act, name="act"),
    path("<str:receipt>/withdraw/", state.withdraw, name="withdraw"),
]
