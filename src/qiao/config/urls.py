"""All addresses."""

from __future__ import annotations

from allauth.account import views as account
from allauth.socialaccount.providers.openid_connect import views as openid
from django.urls import include, path
from django.views.i18n import set_language

from qiao.web.views import security

urlpatterns = [
    # First, because a survey page is what many open at once.
    path("hear/surveys/", include("qiao.hear.surveys.urls")),
    path("", include("qiao.web.urls")),
    path("hear/rights/", include("qiao.hear.rights.urls")),
    path("hear/window/", include("qiao.hear.window.urls")),
    path("hear/needs/", include("qiao.hear.needs.urls")),
    path("decide/proposals/", include("qiao.decide.proposals.urls")),
    path("decide/consultations/", include("qiao.decide.consultations.urls")),
    path("decide/ballots/", include("qiao.decide.ballots.urls")),
    path("decide/decisions/", include("qiao.decide.decisions.urls")),
    path("decide/congress/", include("qiao.decide.congress.urls")),
    path("deliver/projects/", include("qiao.deliver.programmes.urls")),
    path("judge/evaluators/", include("qiao.judge.evaluators.urls")),
    path("judge/evaluations/", include("qiao.judge.evaluations.urls")),
    path("judge/allocation/", include("qiao.judge.allocation.urls")),
    path("judge/ratings/", include("qiao.judge.ratings.urls")),
    path("judge/problems/", include("qiao.judge.problems.urls")),
    path("judge/scorecards/", include("qiao.judge.scorecards.urls")),
    path("deliver/contacts/", include("qiao.deliver.contacts.urls")),
    path("join/", include("qiao.org.joining.urls.join")),
    path("me/membership/", include("qiao.org.joining.urls.own")),
    path("me/", include("qiao.org.people.urls")),
    path("privacy/", include("qiao.org.people.urls.privacy")),
    path("employers/", include("qiao.org.workplaces.urls")),
    path("coverage/", include("qiao.org.coverage.urls")),
    path("yearbook/", include("qiao.org.yearbook.urls")),
    path("upward/", include("qiao.org.upward.urls")),
    path("appeals/", include("qiao.org.appeals.urls")),
    path("retention/", include("qiao.org.retention.urls")),
    path("settings/", include("qiao.org.settings.urls")),
    path("units/", include("qiao.org.elections.urls")),
    path("units/", include("qiao.org.mandates.urls")),
    path("units/", include("qiao.org.joining.urls.officers")),
    path("units/", include("qiao.org.membership.urls")),
    path("units/", include("qiao.org.access.urls.officers")),
    path("units/", include("qiao.org.people.urls.officers")),
    path("units/", include("qiao.org.units.urls")),
    path("access/", include("qiao.org.access.urls.table")),
    path("news/", include("qiao.publish.urls")),
    path("api/", include("qiao.web.api_urls")),
    path("account/login/", account.login, name="account_login"),
    path("account/login/code/", security.request_code, name="account_request_login_code"),
    path("account/login/code/confirm/", account.confirm_login_code, name="account_confirm_login_code"),
    path("account/logout/", account.logout, name="account_logout"),
    path("account/password/", account.password_change, name="account_change_password"),
    path("account/password/set/", account.password_set, name="account_set_password"),
    path("account/reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    # First ours, which ask who is there; then the library's own.
    path("account/2fa/totp/activate/", security.activate_totp, name="mfa_activate_totp"),
    path("account/2fa/webauthn/add/", security.add_passkey, name="mfa_add_webauthn"),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("account/elsewhere/", include("allauth.socialaccount.urls")),
    path("account/oidc/<str:provider_id>/login/", openid.login, name="openid_connect_login"),
    path("account/oidc/<str:provider_id>/login/callback/", openid.callback, name="openid_connect_callback"),
    path("account/signup/", account.signup, name="account_signup"),
    path("account/inactive/", account.account_inactive, name="account_inactive"),
    path("language/", set_language, name="set_language"),
]
