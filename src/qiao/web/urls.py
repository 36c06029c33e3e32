"""Addresses of the shell."""

from __future__ import annotations

from django.urls import path

from qiao.web.views import decide, deliver, hear, judge, org, process, security, shell

app_name = "web"
urlpatterns = [
    path("", shell.home, name="home"),
    path("hear/", hear.hear, name="hear"),
    path("decide/", decide.decide, name="decide"),
    path("deliver/", deliver.deliver, name="deliver"),
    path("judge/", judge.judge, name="judge"),
    path("union/", org.org, name="org"),
    path("me/", shell.me, name="me"),
    path("me/sessions/", security.sessions, name="sessions"),
    path("me/sessions/end/", security.end_sessions, name="end_sessions"),
    path("me/sessions/<int:sign_in_id>/end/", security.end_session, name="end_session"),
    path("me/confirm/", security.confirm, name="confirm"),
    path("me/second-factor/", security.factor, name="factor"),
    path("desk/", shell.desk, name="desk"),
    path("desk/audit/", shell.audit, name="audit"),
    path("desk/audit/log.xlsx", shell.audit_export, name="audit_export"),
    path("thread/<str:code>/", shell.thread, name="thread"),
    path("record/<str:code>/", process.record, name="record"),
    path("receipt/", shell.receipt, name="receipt"),
    path("ledger/", shell.ledger, name="ledger"),
    path("ledger/export/", shell.ledger_export, name="ledger_export"),
    path("ledger/<int:older>/to/<int:newer>/", shell.ledger_consistency, name="ledger_consistency"),
    path("ledger/<int:index>/", shell.ledger_entry, name="ledger_entry"),
    path("demo/", shell.demo, name="demo"),
    path("demo/outbox/", shell.outbox, name="outbox"),
    path("source/", shell.source, name="source"),
    path("source/archive/", shell.source_archive, name="source_archive"),
    path("health/", shell.health, name="health"),
    path("metrics", shell.metrics, name="metrics"),
]
