"""Addresses of officers' contact duty."""

from __future__ import annotations

from django.urls import path

from qiao.deliver.contacts.views import lists, visits

app_name = "contacts"
urlpatterns = [
    path("", lists.rota, name="rota"),
    path("figures/", lists.figures, name="figures"),
    path("officers/", lists.officers, name="officers"),
    path("officers.xlsx", lists.workbook, name="workbook"),
    path("mine/", lists.own, name="own"),
    path("new/", visits.plan, name="plan"),
    path("<str:code>/", visits.duty, name="duty"),
    path("<str:code>/agree/", visits.agree, name="agree"),
    path("<str:code>/cancel/", visits.cancel, name="cancel"),
    path("<str:code>/log/", visits.log, name="log"),
    path("<str:code>/presence/", visits.presence, name="presence"),
    path("<str:code>/hand-over/", visits.hand_over, name="hand_over"),
    path("<str:code>/issues/<int:serial>/answer/", visits.answer, name="answer"),
    path("<str:code>/issues/<int:serial>/outcome/", visits.outcome, name="outcome"),
]
