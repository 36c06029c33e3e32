"""Addresses of consultations."""

from __future__ import annotations

from django.urls import path

from qiao.decide.consultations.views import answer, desk, moderation, opinion_map, prepare, read, take_part

app_name = "consultations"
urlpatterns = [
    path("", read.board, name="board"),
    path("new/", prepare.new, name="new"),
    path("opinion/<str:number>/", take_part.opinion, name="opinion"),
    path("moderation/", moderation.policy, name="policy"),
    path("templates/", desk.templates, name="templates"),
    path("statement/<str:number>/", moderation.submission, name="submission"),
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
    path("<str:code>/statements/new/", moderation.new_statement, name="new_statement"),
    path("<str:code>/moderate/", moderation.moderate, name="moderate"),
    path("<str:code>/moderate/<int:submission_id>/", moderation.refuse, name="refuse_statement"),
    path("<str:code>/statements/<int:number>/remove/", moderation.remove, name="remove_statement"),
    path("<str:code>/moderation/", moderation.moderation_log, name="moderation_log"),
    path("<str:code>/map/", opinion_map.opinion_map, name="map"),
    path("<str:code>/map/file/", opinion_map.map_file, name="map_file"),
    path("<str:code>/desk/", desk.desk, name="desk"),
    path("<str:code>/desk/suggestions/", desk.suggestions, name="suggestions"),
    path("<str:code>/desk/<int:group_id>/", desk.group, name="group"),
    path("<str:code>/desk/<int:group_id>/answer/", desk.draft_answer, name="draft_answer"),
]
