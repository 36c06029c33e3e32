"""Addresses of papers upward and of the register of what is asked of the base."""

from __future__ import annotations

from django.urls import path

from qiao.org.upward.views import papers, register

app_name = "upward"
urlpatterns = [
    path("", papers.board, name="board"),
    path("papers.xlsx", papers.workbook, name="workbook"),
    path("times/", papers.times, name="times"),
    path("new/", papers.draft, name="draft"),
    path("asked/", register.register, name="register"),
    path("asked/register.xlsx", register.workbook, name="register_workbook"),
    path("asked/new/", register.new, name="new_demand"),
    path("asked/<str:code>/end/", register.end, name="end_demand"),
    path("<str:code>/", papers.paper, name="paper"),
    path("<str:code>/revise/", papers.revise, name="revise"),
    path("<str:code>/issue/", papers.issue, name="issue"),
    path("<str:code>/withdraw/", papers.withdraw, name="withdraw"),
    path("<str:code>/handle/", papers.handle, name="handle"),
    path("<str:code>/return/", papers.send_back, name="return"),
    path("<str:code>/answer/", papers.answer, name="answer"),
    path("<str:code>/close/", papers.close, name="close"),
    path("<str:code>/chase/", papers.chase, name="chase"),
]
