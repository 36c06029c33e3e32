"""Addresses of ballots."""

from __future__ import annotations

from django.urls import path

from qiao.decide.ballots import views

app_name = "ballots"
urlpatterns = [
    path("", views.board, name="board"),
    path("new/", views.plan, name="new"),
    path("deeds/", views.deeds_board, name="deeds_board"),
    path("deeds/new/", views.deeds_new, name="deeds_new"),
    path("deeds/<str:code>/", views.deeds, name="deeds"),
    path("deeds/<str:code>/idea/", views.idea_new, name="idea_new"),
    path("deeds/<str:code>/merge/", views.ideas_merge, name="ideas_merge"),
    path("deeds/<str:code>/move/", views.deeds_move, name="deeds_move"),
    path("deeds/<str:code>/vote/", views.deeds_vote, name="deeds_vote"),
    path("deeds/<str:code>/report/", views.deeds_report, name="deeds_report"),
    path("deeds/<str:code>/carry/", views.deeds_carry, name="deeds_carry"),
    path("deeds/<str:code>/ideas/<str:idea_code>/", views.idea, name="idea"),
    path("deeds/<str:code>/ideas/<str:idea_code>/check/", views.idea_check, name="idea_check"),
    path("<str:code>/", views.ballot, name="ballot"),
    path("<str:code>/open/", views.open_vote, name="open"),
    path("<str:code>/withdraw/", views.withdraw, name="withdraw"),
    path("<str:code>/vote/", views.vote, name="vote"),
    path("<str:code>/voted/", views.voted, name="voted"),
    path("<str:code>/count/", views.count, name="count"),
    path("<str:code>/why/", views.why, name="why"),
    path("<str:code>/receipt/", views.check_receipt, name="receipt"),
    path("<str:code>/bundle.zip", views.bundle, name="bundle"),
    path("<str:code>/result.<str:ending>", views.download, name="download"),
    path("<str:code>/booth/", views.booth, name="booth"),
    path("<str:code>/desks/", views.desks, name="desks"),
    path("<str:code>/desks/new/", views.desk_new, name="desk_new"),
    path("<str:code>/desks/<int:key>/", views.desk, name="desk"),
    path("<str:code>/desks/<int:key>/hand-out/", views.desk_hand_out, name="desk_hand_out"),
    path("<str:code>/desks/<int:key>/type/", views.desk_type, name="desk_type"),
    path("<str:code>/desks/<int:key>/finish/", views.desk_finish, name="desk_finish"),
]
