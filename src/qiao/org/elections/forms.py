"""Forms of elections and petitions."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.base.fields import LocalizedField
from qiao.org.elections.choices import Cause, NominatedBy, PetitionKind
from qiao.org.elections.models import Candidate
from qiao.org.mandates.choices import CommitteeKind, EmployerPost, Post
from qiao.org.mandates.forms import AccountField, day_field
from qiao.org.mandates.models import Mandate

_ELECTED_KINDS = (CommitteeKind.UNION, CommitteeKind.EXECUTIVE, CommitteeKind.WOMEN, CommitteeKind.AUDIT)


class PlanForm(forms.Form):
    """A new election."""

    kind = forms.ChoiceField(label=_("Committee"), choices=[(kind.value, kind.label) for kind in _ELECTED_KINDS])
    cause = forms.ChoiceField(label=_("Why"), choices=Cause.choices, initial=Cause.RENEWAL)
    day = day_field(label=_("Day of the election"))
    place = LocalizedField(label=_("Where and when"), required=False, max_length=160)
    seats = forms.IntegerField(label=_("Seats"), min_value=1, max_value=200, initial=5)
    group = forms.CharField(
        label=_("Electoral group"),
        max_length=200,
        help_text=_("Who runs the election, by name. No candidate among them."),
    )


class NominateForm(forms.Form):
    """A candidate, with the electoral group's declaration."""

    name = forms.CharField(label=_("Name"), max_length=80)
    account = AccountField(
        label=_("Their account"), required=False, help_text=_("The address they sign in with, if they have an account.")
    )
    post = forms.ChoiceField(label=_("Post"))
    nominated_by = forms.ChoiceField(label=_("Nominated by"), choices=NominatedBy.choices)
    employer_post = forms.ChoiceField(
        label=_("Post in the employer's management"),
        choices=EmployerPost.choices,
        initial=EmployerPost.NONE,
        help_text=_("It bars nobody, but it is shown to everybody beside the name."),
    )
    no_relative = forms.BooleanField(
        label=_("The electoral group declares: this is no close relative of the employer's chief."), required=False
    )

    def __init__(self, *args: Any, posts: Sequence[Post], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["post"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(post.value, post.label) for post in posts]


class ResultForm(forms.Form):
    """What the minutes say: counts, votes of every candidate, who is elected."""

    held_on = day_field(label=_("Held on"))
    electors = forms.IntegerField(
        label=_("Could vote"), min_value=1, help_text=_("Members, or delegates of the congress")
    )
    present = forms.IntegerField(label=_("Were present"), min_value=0)
    handed_out = forms.IntegerField(label=_("Ballot papers handed out"), min_value=0)
    valid = forms.IntegerField(label=_("Valid papers"), min_value=0)
    invalid = forms.IntegerField(label=_("Invalid papers"), min_value=0)
    secret = forms.BooleanField(label=_("The vote was by secret ballot."), required=False)
    term_until = day_field(
        label=_("First day after the term"),
        required=False,
        help_text=_("Only where the members chose a shorter term than usual here."),
    )
    minutes = forms.FileField(
        label=_("Signed minutes"),
        required=False,
        help_text=_("A scan or photograph. Its fingerprint is kept, not the file: keep the paper."),
    )
    evidence_code = forms.CharField(
        label=_("Ballot on the platform"),
        max_length=32,
        required=False,
        help_text=_("Instead of paper, such as B-1042."),
    )

    def __init__(self, *args: Any, candidates: Sequence[Candidate], **options: Any) -> None:
        super().__init__(*args, **options)
        self.candidates = candidates
        for row in candidates:
            title = _("%(name)s, %(post)s") % {"name": row.name, "post": Post(row.post).label}
            self.fields[f"votes_{row.pk}"] = forms.IntegerField(
                label=_("Votes for %(candidate)s") % {"candidate": title}, min_value=0, initial=row.votes
            )
            self.fields[f"elected_{row.pk}"] = forms.BooleanField(
                label=_("%(candidate)s is elected") % {"candidate": title}, required=False, initial=row.elected
            )

    def votes(self) -> dict[int, int]:
        """Votes by candidate."""
        return {row.pk: self.cleaned_data[f"votes_{row.pk}"] for row in self.candidates}

    def elected(self) -> set[int]:
        """Who is elected."""
        return {row.pk for row in self.candidates if self.cleaned_data[f"elected_{row.pk}"]}

    def minutes_hash(self) -> tuple[str, str]:
        """Fingerprint and name of the minutes; empty where none were given."""
        return file_hash(self.cleaned_data.get("minutes"))


class ReasonForm(forms.Form):
    """Why something is sent back or withdrawn."""

    reason = forms.CharField(label=_("Why"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000)


class PetitionForm(forms.Form):
    """What members ask for."""

    kind = forms.ChoiceField(label=_("What for"), choices=PetitionKind.choices, widget=forms.RadioSelect)
    mandate_id = forms.TypedChoiceField(
        label=_("Whom to recall"), coerce=int, empty_value=None, required=False, help_text=_("For a recall only.")
    )
    subject = forms.CharField(label=_("What the meeting is to decide"), max_length=300)

    def __init__(self, *args: Any, mandates: Sequence[Mandate], **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["mandate_id"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [("", "–"), *((row.pk, f"{row.name} · {Post(row.post).label}") for row in mandates)]


class MeetingForm(forms.Form):
    """The meeting members asked for."""

    day = day_field(label=_("Day of the meeting"))
    place = LocalizedField(label=_("Where and when"), max_length=160)


class MeetingResultForm(forms.Form):
    """What the meeting decided."""

    held_on = day_field(label=_("Held on"))
    all_members = forms.IntegerField(label=_("All members"), min_value=1)
    present = forms.IntegerField(label=_("Were present"), min_value=0)
    votes_for = forms.IntegerField(label=_("Votes for"), min_value=0)
    votes_against = forms.IntegerField(label=_("Votes against"), min_value=0)
    minutes = forms.FileField(
        label=_("Signed minutes"),
        help_text=_("A scan or photograph. Its fingerprint is kept, not the file: keep the paper."),
    )


def file_hash(upload: Any) -> tuple[str, str]:
    """SHA-256 and name of an uploaded file, read in pieces; empty for none."""
    if not upload:
        return "", ""
    digest = hashlib.sha256()
    for piece in upload.chunks():
        digest.update(piece)
    return digest.hexdigest(), str(upload.name)[:160]
