"""Addresses of needs."""

from __future__ import annotations

from django.urls import path

from qiao.hear.needs.views import candidates, digests, needs, topics

app_name = "needs"
urlpatterns = [
    path("", needs.board, name="board"),
    path("from/<str:code>/", needs.derive, name="derive"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<str:code>/", topics.topic_set, name="topic_set"),
    path("topics/<str:code>/undo/<int:step>/", topics.undo, name="undo"),
    path("topics/<str:code>/<int:number>/", topics.topic, name="topic"),
    path("topics/<str:code>/<int:number>/shape/", topics.shape, name="shape"),
    path("topics/<str:code>/<int:number>/quote/<uuid:row>/", topics.quote, name="quote"),
    path("digests/", digests.digests, name="digests"),
    path("digests/<str:code>/", digests.digest, name="digest"),
    path("digests/<str:code>/word/", digests.word, name="digest_word"),
    path("digests/<str:code>/advance/", digests.advance, name="digest_advance"),
    path("digests/<str:code>/table/", digests.table, name="digest_table"),
    path("sheets/", candidates.sheets, name="sheets"),
    path("sheets/<str:code>/", candidates.sheet, name="sheet"),
    path("sheets/<str:code>/keep/", candidates.keep_sheet, name="keep_sheet"),
    path("sheets/<str:code>/raise/", candidates.raise_candidate, name="raise_candidate"),
    path("candidates/<str:code>/", candidates.candidate, name="candidate"),
    path("candidates/<str:code>/score/", candidates.score, name="score"),
    path("candidates/<str:code>/speak/", candidates.speak, name="speak"),
    path("candidates/<str:code>/panel/", candidates.close_panel, name="close_panel"),
    path("candidates/<str:code>/decide/", candidates.decide, name="decide"),
    path("loop/", candidates.loop, name="loop"),
    path("<str:code>/", needs.need, name="need"),
    path("<str:code>/word/", needs.word, name="word"),
    path("<str:code>/check/", needs.check, name="check"),
    path("<str:code>/publish/", needs.publish, name="publish"),
    path("<str:code>/drop/", needs.drop, name="drop"),
    path("<str:code>/answer/", needs.answer, name="answer"),
    path("<str:code>/follow/", needs.follow, name="follow"),
]
