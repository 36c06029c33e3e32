"""Addresses of ratings."""

from __future__ import annotations

from django.urls import path

from qiao.judge.ratings.views import answering, calling, counting, member, petitions, public

app_name = "ratings"
urlpatterns = [
    path("", public.board, name="board"),
    path("new/", calling.new, name="new"),
    path("petitions/new/", petitions.new, name="petition_new"),
    path("petitions/<str:code>/", petitions.petition, name="petition"),
    path("petitions/<str:code>/sign/", petitions.sign, name="petition_sign"),
    path("objections/<str:code>/", calling.objection, name="objection"),
    path("objections/<str:code>/appeal/", member.appeal, name="objection_appeal"),
    path("remedies/<int:key>/report/", answering.report, name="report"),
    path("<str:code>/", public.rating, name="rating"),
    path("<str:code>/bundle.zip", public.archive, name="bundle"),
    path("<str:code>/receipt/", public.receipt, name="receipt"),
    path("<str:code>/roll/", member.roll, name="roll"),
    path("<str:code>/vote/", member.vote, name="vote"),
    path("<str:code>/voted/", member.voted, name="voted"),
    path("<str:code>/freeze/", calling.freeze, name="freeze"),
    path("<str:code>/officers/", calling.officers, name="officers"),
    path("<str:code>/objections/", calling.objections, name="objections"),
    path("<str:code>/open/", calling.open_vote, name="open"),
    path("<str:code>/close/", calling.close_vote, name="close"),
    path("<str:code>/void/", calling.void, name="void"),
    path("<str:code>/rerun/", calling.rerun, name="rerun"),
    path("<str:code>/beside/", calling.beside, name="beside"),
    path("<str:code>/recheck/", calling.recheck, name="recheck"),
    path("<str:code>/end/", calling.end, name="end"),
    path("<str:code>/key/", counting.key, name="key"),
    path("<str:code>/key/make/", counting.make_key, name="make_key"),
    path("<str:code>/join/", counting.join, name="join"),
    path("<str:code>/join/keys.json", counting.sealed_keys, name="sealed_keys"),
    path("<str:code>/papers/", counting.papers, name="papers"),
    path("<str:code>/papers/give/", counting.give, name="give"),
    path("<str:code>/papers/type/", counting.type_paper, name="type"),
    path("<str:code>/papers/finish/", counting.finish, name="finish"),
    path("<str:code>/respond/", answering.respond, name="respond"),
    path("<str:code>/plan/", answering.plan, name="plan"),
]
