"""Addresses of projects."""

from __future__ import annotations

from django.urls import path

from qiao.deliver.programmes import views

app_name = "programmes"
urlpatterns = [
    path("", views.board, name="board"),
    path("projects.csv", views.board_csv, name="csv"),
    path("projects.xlsx", views.board_xlsx, name="xlsx"),
    path("milestones.ics", views.calendar, name="calendar"),
    path("plan/<str:decision_code>/<str:proposal_code>/", views.plan, name="plan"),
    path("<str:code>/", views.project, name="project"),
    path("<str:code>/milestones.ics", views.project_calendar, name="project_calendar"),
    path("<str:code>/start/", views.start, name="start"),
    path("<str:code>/milestone/<int:milestone_id>/", views.report, name="report"),
    path("<str:code>/evidence/<int:evidence_id>/", views.evidence, name="evidence"),
    path("<str:code>/money/", views.spend, name="spend"),
    path("<str:code>/date/", views.ask_date, name="ask_date"),
    path("<str:code>/date/<int:change_id>/", views.answer_date, name="answer_date"),
    path("<str:code>/claim/", views.claim, name="claim"),
    path("<str:code>/verify/", views.verify, name="verify"),
    path("<str:code>/stop/", views.stop, name="stop"),
    path("<str:code>/close/", views.close, name="close"),
]
