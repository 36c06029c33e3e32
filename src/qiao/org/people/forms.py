"""Forms about a person's own data, and officers' forms."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from qiao.org.people.choices import Channel, ContactKind, RefusalGround, Sex
from qiao.org.people.rules import USUAL_ORDER


def reason_field() -> forms.CharField:
    """Why somebody looks; the person reads it."""
    return forms.CharField(
        label=_("Why do you look?"),
        max_length=300,
        help_text=_("The person will read it, with your name and office."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class ContactForm(forms.Form):
    """One contact of one's own. ``kind`` decides what the keyboard offers."""

    value = forms.CharField(max_length=254)

    def __init__(self, *args: object, kind: ContactKind, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        field = self.fields["value"]
        field.label = kind.label
        if kind == ContactKind.MOBILE:
            field.widget.attrs.update({"inputmode": "tel", "autocomplete": "tel"})
            field.help_text = _("Its 11 digits; another country's with + and the country's code.")
        else:
            field.widget.attrs.update({"inputmode": "email", "autocomplete": "email"})


class CodeForm(forms.Form):
    """The code that came over a contact."""

    code = forms.CharField(
        label=_("The six digits that came"),
        max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )


class AboutForm(forms.Form):
    """What one says of oneself, or does not."""

    sex = forms.ChoiceField(
        label=_("Sex"),
        required=False,
        choices=[("", _("I do not say")), *Sex.choices],
        help_text=_("Only for the share of women among members and delegates, counted, never shown by name."),
    )
    migrant = forms.ChoiceField(
        label=_("Do you come from a rural household and work away from it?"),
        required=False,
        choices=[("", _("I do not say")), ("yes", _("Yes")), ("no", _("No"))],
        help_text=_("Only to count how many migrant workers the union reaches. Nobody else enters it for you."),
    )


class CorrectForm(forms.Form):
    """What an officer must check."""

    field = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=[("name", _("My name")), ("identity", _("The check of who I am")), ("other", _("Something else"))],
    )
    text = forms.CharField(
        label=_("What is right?"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For a name: the name alone."),
    )  # fmt: skip


class WordsForm(forms.Form):
    """Some words; ``label`` says which."""

    text = forms.CharField(max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args: object, label: str, hint: str = "", required: bool = True, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]
        self.fields["text"].label, self.fields["text"].help_text = label, hint
        self.fields["text"].required = required


class ChannelsForm(forms.Form):
    """Which channel comes first."""

    first = forms.ChoiceField(
        label=_("First try"),
        choices=[(channel.value, channel.label) for channel in USUAL_ORDER],
        widget=forms.RadioSelect,
        help_text=_("What cannot be delivered there goes the other way, if you have allowed it."),
    )

    def order(self) -> list[str]:
        """The channels in the order chosen."""
        first = Channel(self.cleaned_data["first"])
        return [first, *(channel for channel in USUAL_ORDER if channel != first)]


class CheckForm(forms.Form):
    """Answering a data check: empty means that it still holds."""

    mobile = forms.CharField(
        label=_("New mobile number"), required=False, max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "tel"}),
    )  # fmt: skip
    mail = forms.CharField(
        label=_("New e-mail address"), required=False, max_length=254,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "email"}),
    )  # fmt: skip


class FindForm(forms.Form):
    """Searching for a person by what they gave. Sent by POST: a number never stands in an address."""

    by = forms.ChoiceField(label=_("Search by"), choices=[*ContactKind.choices, ("identity", _("Identity number"))])
    value = forms.CharField(
        label=_("Number or address"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    reason = reason_field()


class ReasonForm(forms.Form):
    """The reason alone."""

    reason = reason_field()


class EnterForm(forms.Form):
    """A contact an officer enters for a member who gave it."""

    kind = forms.ChoiceField(label=_("Kind of contact"), choices=ContactKind.choices)
    value = forms.CharField(
        label=_("Number or address"), max_length=254, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )


class LostForm(forms.Form):
    """The new number of a member who has lost the old one, written down with the member there."""

    number = forms.CharField(
        label=_("The new mobile number"), max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
        help_text=_("A code goes there now; the member reads it out to you."),
    )  # fmt: skip
    seen = forms.CharField(
        label=_("What showed you that it is this member?"), max_length=200,
        help_text=_("For example: identity card seen, the face is the one on it. No number of a paper."),
    )  # fmt: skip


class ProofForm(forms.Form):
    """The code the member reads out."""

    proof = forms.CharField(
        label=_("The six digits the member reads out"), max_length=12,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip


class IdentityForm(forms.Form):
    """Noting how it was checked who somebody is."""

    way = forms.ChoiceField(
        label=_("What did you check?"),
        choices=[("paper", _("I saw a paper proof")), ("number", _("The identity number"))],
        widget=forms.RadioSelect,
        initial="paper",
    )
    number = forms.CharField(
        label=_("Identity number"), required=False, max_length=40,
        help_text=_("Only with the member's consent. A keyed hash and the last four signs are kept, not the number."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip


class DecideForm(forms.Form):
    """Deciding a request about data."""

    to = forms.ChoiceField(
        label=_("Decision"),
        choices=[("grant", _("Grant: it is carried out at once")), ("refuse", _("Refuse"))],
        widget=forms.RadioSelect,
    )
    ground = forms.ChoiceField(
        label=_("Ground of a refusal"), required=False, choices=[("", _("none")), *RefusalGround.choices]
    )
    reason = forms.CharField(
        label=_("Reason, as the person reads it"), max_length=4000, widget=forms.Textarea(attrs={"rows": 4})
    )


class KinForm(forms.Form):
    """A letter of next of kin."""

    number = forms.IntegerField(label=_("Number of the member who has died"), min_value=1)
    asker = forms.CharField(
        label=_("Who asks, and how they are reached"), max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )
    text = forms.CharField(
        label=_("What they ask for, and what shows the kinship and the death"),
        max_length=4000, widget=forms.Textarea(attrs={"rows": 4}),
    )  # fmt: skip
