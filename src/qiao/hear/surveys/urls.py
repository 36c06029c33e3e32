"""Addresses of surveys."""

from __future__ import annotations

from django.urls import path

from qiao.hear.surveys.views import answering, fielding, interviews, paper, planning, questionnaires, rounds

app_name = "surveys"
urlpatterns = [
    path("", rounds.rounds, name="rounds"),
    path("new/", planning.plan, name="plan"),
    path("size/", planning.size, name="size"),
    path("calendar/", planning.calendar, name="calendar"),
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
    path("<str:code>/change/", planning.change, name="change"),
    path("<str:code>/check/", planning.check, name="check"),
    path("<str:code>/draw/", fielding.draw, name="draw"),
    path("<str:code>/codes/", fielding.codes, name="codes"),
    path("<str:code>/names/", fielding.names, name="names"),
    path("<str:code>/fieldwork/", fielding.fieldwork, name="fieldwork"),
    path("<str:code>/open/", fielding.open_round, name="open"),
    path("<str:code>/extend/", fielding.extend, name="extend"),
    path("<str:code>/close/", fielding.close, name="close"),
    path("<str:code>/union/", fielding.union, name="union"),
    path("<str:code>/interview/", interviews.interview, name="interview"),
    path("<str:code>/interview/<int:call>/", interviews.ask, name="ask"),
    path("<str:code>/stacks/", paper.stacks, name="stacks"),
    path("<str:code>/stacks/<str:batch>/", paper.stack, name="stack"),
    path("<str:code>/enter/", rounds.enter, name="enter"),
    path("<str:code>/files/<str:name>", rounds.download, name="file"),
]
