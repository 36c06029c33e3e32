"""Addresses of officers' pages about persons, below a unit's own."""

from __future__ import annotations

from django.urls import path

from qiao.org.people.views import datachecks, numbers, officers

app_name = "persons"
urlpatterns = [
    path("<str:label>/contacts/", officers.find, name="find"),
    path("<str:label>/contacts/<int:number>/", officers.person, name="person"),
    path("<str:label>/contacts/<int:number>/enter/", officers.enter, name="enter"),
    path("<str:label>/contacts/<int:number>/stale/", officers.stale, name="stale"),
    path("<str:label>/contacts/<int:number>/identity/", officers.identity, name="identity"),
    path("<str:label>/contacts/<int:number>/lost/", numbers.ask, name="lost"),
    path("<str:label>/numbers/<str:code>/", numbers.change, name="number"),
    path("<str:label>/datachecks/", datachecks.campaigns, name="campaigns"),
    path("<str:label>/datachecks/<str:code>/", datachecks.campaign, name="campaign"),
    path("<str:label>/datachecks/<str:code>/close/", datachecks.close, name="close_campaign"),
]
