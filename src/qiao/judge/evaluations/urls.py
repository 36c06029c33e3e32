"""Addresses of evaluations."""

from __future__ import annotations

from django.urls import path

from qiao.judge.evaluations.views import after, answer, credential, files, interviews, officers, public

app_name = "evaluations"
urlpatterns = [
    path("", public.board, name="board"),
    path("new/", officers.new, name="new"),
    path("code/", answer.enter_code, name="enter_code"),
    path("<str:code>/", public.detail, name="detail"),
    path("<str:code>/answer/", answer.answer, name="answer"),
    path("<str:code>/answer/<str:secret_code>/", answer.answer_by_code, name="answer_by_code"),
    path("<str:code>/credential/", credential.credential, name="credential"),
    path("<str:code>/box/", credential.box, name="box"),
    path("<str:code>/thanks/", answer.thanks, name="thanks"),
    path("<str:code>/interviews/", interviews.interviews, name="interviews"),
    path("<str:code>/contact/", interviews.contact, name="contact"),
    path("<str:code>/interviews/kept/", interviews.interview_kept, name="interview_kept"),
    path("<str:code>/interviews/<str:mode>/<str:secret_code>/", interviews.interview, name="interview"),
    path("<str:code>/proof/<str:digest>/", public.proof, name="proof"),
    path("<str:code>/key/", officers.key, name="key"),
    path("<str:code>/freeze/", officers.freeze, name="freeze"),
    path("<str:code>/open/", officers.open_round, name="open"),
    path("<str:code>/close/", officers.close_round, name="close"),
    path("<str:code>/result/", officers.result, name="result"),
    path("<str:code>/void/", officers.void, name="void"),
    path("<str:code>/respond/", after.respond, name="respond"),
    path("<str:code>/recheck/", after.recheck, name="recheck"),
    path("<str:code>/codes.xlsx", files.code_sheet, name="code_sheet"),
    path("<str:code>/frame.csv", files.frame, name="frame"),
    path("<str:code>/letters.xlsx", files.letters, name="letters"),
    path("<str:code>/sealed.jsonl", files.sealed, name="sealed"),
    path("<str:code>/bundle.zip", files.bundle, name="bundle"),
    path("<str:code>/digests.txt", files.digests, name="digests"),
]
