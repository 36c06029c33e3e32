"""My membership."""

from __future__ import annotations

from django.urls import path

from qiao.org.joining.views import own

app_name = "standing"
urlpatterns = [
    path("", own.own, name="own"),
    path("knew/", own.knew, name="knew"),
    path("move/", own.move, name="move"),
    path("stay/", own.stay, name="stay"),
    path("keep/", own.keep, name="keep"),
    path("leave/", own.leave, name="leave"),
    path("card/", own.card, name="card"),
    path("appeal/<str:code>/", own.appeal, name="appeal"),
]
