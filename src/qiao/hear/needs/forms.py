"""Forms of needs, topics, digests and candidates."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from qiao.base.access import Actor
from qiao.base.fields import LocalizedField
from qiao.base.i18n import pick
from qiao.hear.needs.choices import Origin, Say
from qiao.hear.needs.models import Sheet, Topic
from qiao.hear.needs.queries import text_sources
from qiao.hear.needs.queries.candidates import needs_to_choose, officers_at
from qiao.hear.needs.queries.topics import topic_name
from qiao.hear.needs.rules import forming, quoting
from qiao.org.units.models import Unit
from qiao.org.units.queries import upper_units


class WordForm(forms.Form):
    """Wording a drafted need."""

    title = LocalizedField(
        label=_("The need, as people would say it"), max_length=160,
        help_text=_("Such as: no way home after the night shift."),
    )  # fmt: skip
    detail = LocalizedField(label=_("What lies behind it"), required=False, textarea=True, max_length=2000)


class AnswerForm(forms.Form):
    """Answering a need that is not taken up."""

    answer = LocalizedField(
        label=_("No, because …"), textarea=True, max_length=4000,
        help_text=_("Everybody reads this reason beside the need, for good."),
    )  # fmt: skip


class UnitChoice(forms.ModelChoiceField[Unit]):
    """Units by their name."""

    def label_from_instance(self, obj: Unit) -> str:
        """The unit's name in the language of the request."""
        return pick(obj.name)


class GatherForm(forms.Form):
    """Asking for topics of free words."""

    unit = UnitChoice(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    title = LocalizedField(label=_("What these topics are called"), max_length=160)
    sources = forms.MultipleChoiceField(
        label=_("Whose words"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("Rounds with results whose single answers still exist."),
    )  # fmt: skip
    since = forms.DateField(
        label=_("Requests from this day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    until = forms.DateField(
        label=_("Requests to this day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    wanted = forms.IntegerField(
        label=_("How many topics"), required=False, min_value=2, max_value=40,
        help_text=_("Left open, as many as hold when some of the texts are taken away."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        paths = actor.paths("need.publish")
        self.fields["unit"].queryset = upper_units(paths)  # type: ignore[attr-defined]
        self.fields["sources"].choices = [(one.code, pick(one.title)) for one in text_sources(paths)]  # type: ignore[attr-defined]

    def codes(self) -> list[str]:
        """The sources chosen, requests among them where days are given."""
        given = self.cleaned_data
        codes = list(given["sources"])
        if given.get("since") and given.get("until"):
            codes.append(f"requests:{given['since']}:{given['until']}")
        return codes


class NameForm(forms.Form):
    """Naming a topic."""

    name = LocalizedField(label=_("What this topic is called"), max_length=120)


class AsideForm(forms.Form):
    """Setting a topic aside."""

    ground = forms.CharField(
        label=_("Why is it set aside?"), max_length=300, help_text=_("Such as: thanks and greetings, no need.")
    )


class MergeForm(forms.Form):
    """Merging topics into one."""

    others = forms.MultipleChoiceField(label=_("Topics that say the same"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, others: Sequence[Topic], **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["others"].choices = [(str(one.pk), topic_name(one)) for one in others]  # type: ignore[attr-defined]


class QuoteForm(forms.Form):
    """Saying a text in one's own words."""

    words = LocalizedField(
        label=_("The same in your own words"), max_length=quoting.LONGEST, textarea=True,
        help_text=_("Without names, numbers, places or anything that tells who wrote it."),
    )  # fmt: skip


class DigestForm(forms.Form):
    """Making the digest of a stretch of days."""

    unit = UnitChoice(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    since = forms.DateField(label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}))
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Left open: the last period that is over."),
    )  # fmt: skip

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = upper_units(actor.paths("need.publish"))  # type: ignore[attr-defined]


class DigestWordsForm(forms.Form):
    """What a period showed, in a few sentences."""

    words = LocalizedField(
        label=_("What this period showed"), required=False, textarea=True, max_length=2000,
        help_text=_("Stands above the figures. Two or three sentences."),
    )  # fmt: skip


class WeightsForm(forms.Form):
    """The weights of a scoring sheet."""

    def __init__(self, *args: Any, weights: dict[str, int] | None = None, **options: Any) -> None:
        super().__init__(*args, **options)
        for key in forming.CRITERIA:
            self.fields[key] = forms.IntegerField(
                label=forming.criterion_text(key), min_value=0, max_value=100, initial=(weights or {}).get(key)
            )

    def weights(self) -> dict[str, int]:
        """The weights given."""
        return {key: self.cleaned_data[key] for key in forming.CRITERIA}


class SheetForm(forms.Form):
    """Beginning a scoring sheet."""

    unit = UnitChoice(label=_("Unit"), queryset=Unit.objects.none(), empty_label=None)
    title = LocalizedField(
        label=_("What the sheet is for"), max_length=160, help_text=_("Such as: tasks of next year.")
    )

    def __init__(self, *args: Any, actor: Actor, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["unit"].queryset = upper_units(actor.paths("sheet.keep"))  # type: ignore[attr-defined]


class ScorersForm(forms.Form):
    """Naming who scores."""

    accounts = forms.MultipleChoiceField(label=_("Officers who score"), widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, sheet: Sheet, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["accounts"].choices = [  # type: ignore[attr-defined]
            (str(one.pk), one.display_name) for one in officers_at(sheet.unit.path)
        ]


class CandidateForm(forms.Form):
    """Raising a candidate."""

    title = LocalizedField(label=_("What would be done"), max_length=160)
    text = LocalizedField(label=_("How, and for whom"), textarea=True, max_length=4000)
    cost = forms.DecimalField(label=_("Cost, estimated"), min_value=0, max_digits=14, decimal_places=2)
    origin = forms.ChoiceField(label=_("Who asked for it"), choices=Origin.choices, initial=Origin.MEMBERS)
    needs = forms.MultipleChoiceField(
        label=_("Needs it would serve"), required=False, widget=forms.CheckboxSelectMultiple
    )
    ground = forms.CharField(
        label=_("The law, or the paper of the unit above"), required=False, max_length=200,
        help_text=_("Only where no member asked for it: such tasks are counted apart."),
    )  # fmt: skip

    def __init__(self, *args: Any, sheet: Sheet, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["needs"].choices = [  # type: ignore[attr-defined]
            (one.code, " · ".join(filter(None, (pick(one.title), pick(one.group)))))
            for one in needs_to_choose(sheet.unit.path)
        ]


class MarksForm(forms.Form):
    """One scorer's marks."""

    def __init__(self, *args: Any, weights: dict[str, int], marks: dict[str, int], **options: Any) -> None:
        super().__init__(*args, **options)
        for key in forming.CRITERIA:
            self.fields[key] = forms.TypedChoiceField(
                label=forming.criterion_text(key), coerce=int, initial=marks.get(key),
                help_text=_("Weight %(weight)d of 100") % {"weight": weights[key]},
                choices=[(mark, str(mark)) for mark in range(forming.BEST + 1)], widget=forms.RadioSelect,
            )  # fmt: skip

    def marks(self) -> dict[str, int]:
        """The marks given."""
        return {key: self.cleaned_data[key] for key in forming.CRITERIA}


class SpeakForm(forms.Form):
    """What somebody of the user panel says."""

    say = forms.ChoiceField(label=_("Would this help you?"), choices=Say.choices, widget=forms.RadioSelect)
    words = forms.CharField(
        label=_("What should be different?"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown without your name, once the panel is closed. Write nothing that tells who you are."),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Adopting a candidate or not."""

    reason = LocalizedField(
        label=pgettext_lazy("candidate", "Because …"), required=False, textarea=True, max_length=2000,
        help_text=_("Needed where it is not adopted: those who asked will read it."),
    )  # fmt: skip
