"""Addresses of allocation sheets."""

from __future__ import annotations

from django.urls import path

from qiao.judge.allocation.views import acts, reading

app_name = "allocation"
urlpatterns = [
    path("", reading.board, name="board"),
    path("new/", acts.new, name="new"),
    path("<str:code>/", reading.sheet, name="sheet"),
    path("<str:code>/sheet.csv", reading.text, name="text"),
    path("<str:code>/bundle.zip", reading.archive, name="bundle"),
    path("<str:code>/compute/", acts.compute, name="compute"),
    path("<str:code>/publish/", acts.publish, name="publish"),
    path("<str:code>/consult/", acts.consult, name="consult"),
    path("<str:code>/decide/", acts.decide, name="decide"),
    path("<str:code>/withdraw/", acts.withdraw, name="withdraw"),
    path("<str:code>/pay/", acts.pay, name="pay"),
    path("<str:code>/compare/", acts.compare, name="compare"),
    path("<str:code>/audit/", acts.audit, name="audit"),
]
