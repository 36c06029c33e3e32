"""Addresses of the problem ledger."""

from __future__ import annotations

from django.urls import path

from qiao.judge.problems.views import acts, raising, reading

app_name = "problems"
urlpatterns = [
    path("", reading.board, name="board"),
    path("new/", raising.new, name="new"),
    path("mine/", raising.mine, name="mine"),
    path("indicators/", reading.indicators, name="indicators"),
    path("<str:code>/", reading.problem, name="problem"),
    path("<str:code>/say/", raising.say, name="say"),
    path("<str:code>/accept/", acts.accept, name="accept"),
    path("<str:code>/decline/", acts.decline, name="decline"),
    path("<str:code>/owner/", acts.owner, name="owner"),
    path("<str:code>/plan/", acts.plan, name="plan"),
    path("<str:code>/steps/<int:position>/", acts.step, name="step"),
    path("<str:code>/extend/", acts.extend, name="extend"),
    path("<str:code>/claim/", acts.claim, name="claim"),
    path("<str:code>/recheck/", acts.recheck, name="recheck"),
    path("<str:code>/close/", acts.close, name="close"),
    path("<str:code>/reopen/", acts.reopen, name="reopen"),
]
