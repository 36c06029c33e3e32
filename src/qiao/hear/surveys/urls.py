"""Addresses of surveys."""

from __future__ import annotations

from django.urls import path

from qiao.hear.surveys.views import answering, questionnaires, rounds

app_name = "surveys"
urlpatterns = [
    path("", rounds.rounds, name="rounds"),
    path("new/", rounds.plan, name="plan"),
    path("code/", answering.code, name="code"),
    path("s/worker.js", answering.worker, name="worker"),
    path("s/<str:code>/", answering.answer, name="answer"),
    path("questionnaires/", questionnaires.listing, name="questionnaires"),
    path("questionnaires/new/", questionnaires.upload, name="upload"),
    path("questionnaires/template.xlsx", questionnaires.template, name="template"),
    path("questionnaires/<str:code>/", questionnaires.questionnaire, name="questionnaire"),
    path("questionnaires/<str:code>/<int:number>/file/", questionnaires.download, name="version_file"),
    path("<str:code>/", rounds.survey_round, name="round"),
    path("<str:code>/mine/", answering.mine, name="mine"),
    path("<str:code>/draw/", rounds.draw, name="draw"),
    path("<str:code>/codes/", rounds.codes, name="codes"),
    path("<str:code>/open/", rounds.open_round, name="open"),
    path("<str:code>/close/", rounds.close, name="close"),
    path("<str:code>/enter/", rounds.enter, name="enter"),
    path("<str:code>/files/<str:name>", rounds.download, name="file"),
]
