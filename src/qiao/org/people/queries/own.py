"""What this app holds about a person, in words: for their own page and download."""

from __future__ import annotations

from django.db.models import Q
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from qiao.base.i18n import day_text, listed, pick
from qiao.base.vault import WillNotOpen
from qiao.org.appeals.models import Appeal
from qiao.org.people.choices import Channel, CheckWay, ConsentKind, ContactKind, ContactState
from qiao.org.people.models import (
    Account,
    ChannelOrder,
    CheckLink,
    Consent,
    Contact,
    DataRequest,
    Declaration,
    IdentityCheck,
    Look,
    NumberChange,
    Person,
    PersonMessage,
)
from qiao.org.people.rules import OwnGroup, OwnLine, record_label


def own_groups(person_id: int) -> list[OwnGroup]:
    """Name, contacts, identity, sign-in, consents, requests of a person, opened and in the language of the request."""
    person = Person.objects.get(pk=person_id)
    return [_who(person), _contacts(person), _membership(person), _consents(person), _requests(person),
            _appeals(person), _looks(person), _messages(person)]  # fmt: skip


def _who(person: Person) -> OwnGroup:
    lines = [OwnLine(_("Name"), person.name, url=_correct("name"), action=_("Ask for a correction"))]
    check = IdentityCheck.objects.filter(person=person).first()
    if check is None:
        value = _("not checked")
    elif check.way == CheckWay.NUMBER:
        value = _("number checked, last four signs %(signs)s; the number itself is not kept") % {
            "signs": check.last_four
        }
    else:
        value = _("paper proof seen; nothing of it is kept")
    since = date_format(check.checked, "DATE_FORMAT") if check else ""
    lines.append(OwnLine(_("Who I am"), value, since, _correct("identity") if check else "", _("Ask for a correction")))
    said = Declaration.objects.filter(person=person).first()
    about, label = reverse("people:about"), _("Change")
    sex = str(said.get_sex_display()) if said and said.sex else _("not said")
    lines.append(OwnLine(_("Sex, as I say it"), sex, url=about, action=label))
    migrant = said.self_declared_migrant if said else None
    lines.append(
        OwnLine(
            _("Migrant worker, as I say it"),
            _("not said") if migrant is None else _("yes") if migrant else _("no"),
            url=about,
            action=label,
        )
    )
    return OwnGroup(
        "who", _("Who I am"), tuple(lines), _("To know whom the union speaks to. Kept while I am a member.")
    )


def _contacts(person: Person) -> OwnGroup:
    given = {contact.kind: contact for contact in Contact.objects.filter(person=person)}
    lines = []
    for kind in ContactKind:
        contact = given.get(kind.value)
        url = reverse("people:contact", args=[kind.value])
        if contact is None:
            lines.append(OwnLine(str(kind.label), _("not given"), url=url, action=_("Give")))
            continue
        lines.append(
            OwnLine(
                str(kind.label),
                opened(contact),
                date_format(contact.checked, "DATE_FORMAT") if contact.checked else "",
                url,
                _("Correct") if contact.state != ContactState.UNCONFIRMED else _("Correct or confirm"),
            )
        )
    account = Account.objects.filter(person=person).first()
    if account is not None:
        lines.append(OwnLine(_("Address I sign in with"), account.email))
    order = ChannelOrder.objects.filter(person=person).first()
    if order is not None:
        words = listed([str(Channel(channel).label) for channel in order.channels])
        lines.append(OwnLine(_("Which channel first"), words, url=reverse("people:channels"), action=_("Change")))
    lines += [
        OwnLine(_("Asked whether this still holds"), str(link.get_state_display()), str(day_text(link.changed)))
        for link in CheckLink.objects.filter(person=person).order_by("-changed", "-pk")
    ]
    lines += [
        OwnLine(
            _("Change of a lost number"), str(row.get_state_display()), str(day_text(row.asked)),
            "" if row.ended else reverse("people:number", args=[row.code]), "" if row.ended else _("See or stop it"),
        )
        for row in NumberChange.objects.filter(person=person).order_by("-asked", "-pk")
    ]  # fmt: skip
    return OwnGroup(
        "contacts", _("How I am reached"), tuple(lines),
        _("To tell me what concerns my rights. Encrypted; every look is logged. Erased when I leave."),
    )  # fmt: skip


def opened(contact: Contact) -> str:
    """The contact in the open; where it does not open any more, a word that says so."""
    try:
        return str(contact.value)
    except WillNotOpen:
        return _("cannot be opened: please give it again")


def _membership(person: Person) -> OwnGroup:
    lines = [
        OwnLine(pick(row.unit.name), f"{row.get_state_display()} · {_since(row.since, row.until)}")
        for row in person.memberships.select_related("unit").order_by("-since", "-pk")
    ]
    return OwnGroup(
        "membership", _("My membership"), tuple(lines),
        _("My right, dated. Six years after leaving, name and dates are erased too."),
    )  # fmt: skip


def _since(since: object, until: object) -> str:
    first, last = date_format(since, "DATE_FORMAT"), date_format(until, "DATE_FORMAT") if until else _("today")  # type: ignore[arg-type]
    return f"{first} – {last}"


def _consents(person: Person) -> OwnGroup:
    lines = [
        OwnLine(
            str(ConsentKind(row.kind).label),
            _consent_text(row),
        )
        for row in Consent.objects.filter(person=person).order_by("-given", "-pk")
    ]
    return OwnGroup("consents", _("My consents"), tuple(lines), _("To show what I agreed to, and when."))


def _consent_text(row: Consent) -> str:
    given = _("given on %(day)s · text %(version)s") % {
        "day": date_format(localdate(row.given), "DATE_FORMAT"),
        "version": row.version,
    }
    if row.revoked is None:
        return given
    ended = _("taken back on %(day)s") % {"day": date_format(localdate(row.revoked), "DATE_FORMAT")}
    return f"{given} · {ended}"


def _requests(person: Person) -> OwnGroup:
    lines = [
        OwnLine(
            f"{row.code} · {row.get_kind_display()}",
            str(row.get_state_display()),
            date_format(localdate(row.filed), "DATE_FORMAT"),
            reverse("people:request", args=[row.code]),
            _("Open"),
        )
        for row in DataRequest.objects.filter(person=person).exclude(asker__isnull=False).order_by("-filed", "-pk")
    ]
    return OwnGroup("requests", _("What I asked about my data"), tuple(lines))


def _appeals(person: Person) -> OwnGroup:
    accounts = list(Account.objects.filter(person=person).values_list("pk", flat=True))
    lines = tuple(
        OwnLine(f"{row.code} · {row.subject}", f"{row.get_state_display()} · {row.ground}", str(day_text(row.filed)))
        for row in Appeal.objects.filter(Q(person_id=person.pk) | Q(account_id__in=accounts)).order_by("-filed", "-pk")
    )
    return OwnGroup(
        "appeals", _("My appeals"), lines, _("A second person decides. Kept six years from the decision.")
    )  # fmt: skip


def _looks(person: Person) -> OwnGroup:
    rows = Look.objects.filter(person=person).order_by("-at", "-pk")
    lines = tuple(
        OwnLine(record_label(row.record), listed([row.looker, pick(row.office), row.reason]), str(day_text(row.at)))
        for row in rows[:500]
    )
    return OwnGroup("looks", _("Who looked at me"), lines, _("To be able to ask why. Kept a year at least."))


def _messages(person: Person) -> OwnGroup:
    rows = PersonMessage.objects.filter(person=person).order_by("-at", "-pk")
    lines = []
    for row in rows[:500]:
        try:
            lines.append(OwnLine(str(day_text(row.at)), f"{row.subject} · {row.text}"))
        except WillNotOpen:
            lines.append(OwnLine(str(day_text(row.at)), _("cannot be opened")))
    return OwnGroup("messages", _("What I was told"), tuple(lines), _("Messages of the platform to me, sealed."))


def _correct(field: str) -> str:
    return f"{reverse('people:correct')}?field={field}"
