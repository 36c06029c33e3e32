"""Addresses of elections."""

from __future__ import annotations

from django.urls import path

from qiao.org.elections import views

app_name = "elections"
urlpatterns = [
    path("<str:label>/elections/", views.elections, name="elections"),
    path("<str:label>/elections/plan/", views.plan, name="plan"),
    path("<str:label>/elections/<str:code>/", views.election, name="election"),
    path("<str:label>/elections/<str:code>/nominate/", views.nominate, name="nominate"),
    path("<str:label>/elections/<str:code>/result/", views.result, name="result"),
    path("<str:label>/elections/<str:code>/return/", views.send_back, name="return"),
    path("<str:label>/elections/<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:label>/petitions/start/", views.petition_start, name="petition-start"),
    path("<str:label>/petitions/<str:code>/", views.petition, name="petition"),
    path("<str:label>/petitions/<str:code>/call/", views.petition_call, name="petition-call"),
    path("<str:label>/petitions/<str:code>/result/", views.petition_result, name="petition-result"),
    path("<str:label>/overdue/", views.overdue, name="overdue"),
    path("<str:label>/overdue.xlsx", views.overdue_workbook, name="overdue-workbook"),
]
