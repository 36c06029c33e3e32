"""Addresses of consultations."""

from __future__ import annotations

from django.urls import path

from qiao.decide.consultations.views import answer, prepare, read, take_part

app_name = "consultations"
urlpatterns = [
    path("", read.board, name="board"),
    path("new/", prepare.new, name="new"),
    path("opinion/<str:number>/", take_part.opinion, name="opinion"),
    path("<str:code>/", read.consultation, name="consultation"),
    path("<str:code>/version/<int:number>/", read.version, name="version"),
    path("<str:code>/statements/", take_part.statements, name="statements"),
    path("<str:code>/opinion/", take_part.give_opinion, name="give_opinion"),
    path("<str:code>/edit/", prepare.edit, name="edit"),
    path("<str:code>/revise/", prepare.revise, name="revise"),
    path("<str:code>/extend/", prepare.extend, name="extend"),
    path("<str:code>/move/", prepare.move, name="move"),
    path("<str:code>/withdraw/", prepare.withdraw, name="withdraw"),
    path("<str:code>/sort/", prepare.sort, name="sort"),
    path("<str:code>/sort/<int:opinion_id>/", prepare.withhold, name="withhold"),
    path("<str:code>/answers/", answer.answers, name="answers"),
    path("<str:code>/answers/<int:opinion_id>/", answer.addendum, name="addendum"),
]
