"""All addresses."""

from __future__ import annotations

from allauth.account import views as account
from django.urls import include, path
from django.views.i18n import set_language

urlpatterns = [
    # First, because a survey page is what many open at once.
    path("hear/surveys/", include("qiao.hear.surveys.urls")),
    path("", include("qiao.web.urls")),
    path("hear/needs/", include("qiao.hear.needs.urls")),
    path("decide/proposals/", include("qiao.decide.proposals.urls")),
    path("decide/consultations/", include("qiao.decide.consultations.urls")),
    path("decide/ballots/", include("qiao.decide.ballots.urls")),
    path("decide/decisions/", include("qiao.decide.decisions.urls")),
    path("deliver/projects/", include("qiao.deliver.programmes.urls")),
    path("judge/evaluations/", include("qiao.judge.evaluations.urls")),
    path("deliver/contacts/", include("qiao.deliver.contacts.urls")),
    path("join/", include("qiao.org.joining.urls")),
    path("me/", include("qiao.org.people.urls")),
    path("employers/", include("qiao.org.workplaces.urls")),
    path("coverage/", include("qiao.org.coverage.urls")),
    path("yearbook/", include("qiao.org.yearbook.urls")),
    path("upward/", include("qiao.org.upward.urls")),
    path("appeals/", include("qiao.org.appeals.urls")),
    path("retention/", include("qiao.org.retention.urls")),
    path("settings/", include("qiao.org.settings.urls")),
    path("units/", include("qiao.org.elections.urls")),
    path("units/", include("qiao.org.mandates.urls")),
    path("units/", include("qiao.org.membership.urls")),
    path("units/", include("qiao.org.access.urls.officers")),
    path("units/", include("qiao.org.units.urls")),
    path("access/", include("qiao.org.access.urls.table")),
    path("news/", include("qiao.publish.urls")),
    path("api/", include("qiao.web.api_urls")),
    path("account/login/", account.login, name="account_login"),
    path("account/login/code/", account.request_login_code, name="account_request_login_code"),
    path("account/login/code/confirm/", account.confirm_login_code, name="account_confirm_login_code"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/signup/", account.signup, name="account_signup"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("language/", set_language, name="set_language"),
]
