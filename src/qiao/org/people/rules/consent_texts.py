"""The texts people consent to, by version. A text never changes: a new wording is a new version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from qiao.base.i18n import Localized, localized
from qiao.base.problems import Problem
from qiao.org.people.choices import ConsentKind

K = ConsentKind


@dataclass(frozen=True, slots=True)
class ConsentText:
    """One version: what the person agrees to, and what happens without (handbook P6)."""

    version: int
    covers: Localized
    without: Localized


def _one(zh: str, en: str, without_zh: str, without_en: str) -> tuple[ConsentText, ...]:
    return (ConsentText(1, localized(zh, en), localized(without_zh, without_en)),)


TEXTS: Mapping[str, tuple[ConsentText, ...]] = {
    K.JOIN: _one(
        "工会记录我的会籍，并把与我权益有关的事项告知我。",
        "The union keeps my membership and tells me what concerns my rights.",
        "不能成为会员。", "No membership.",
    ),
    K.IDENTITY_CHECK: _one(
        "工会用身份证号码核对我是本人。系统只保存加密校验值和末四位，不保存号码。",
        "The union checks with my identity number that I am who I say. Only a keyed hash and the last four signs are "
        "kept, never the number.",
        "凭纸质证明也可以办理入会和各项服务。", "A paper proof serves as well, for joining and for everything else.",
    ),
    K.SENSITIVE_AID: _one(
        "为办理一次困难帮扶，工会使用我的健康、经济和家庭信息。",
        "For one application for aid the union uses what I tell it of my health, money and household.",
        "不能提出该项申请；紧急慰问仍可发放。",
        "That application cannot be filed; an emergency gift is still possible.",
    ),
    K.MEANS_CHECK: _one(
        "工会凭我的授权书向民政部门核对家庭经济状况。",
        "With my signed authorisation the union asks the civil affairs office about my household's means.",
        "根据我提交的材料作出决定。", "It is decided on the papers I hand in.",
    ),
    K.CHILD_DATA: _one(
        "作为监护人，我同意工会为助学使用我不满十四周岁子女的信息。",
        "As guardian I agree that the union uses data of my child under 14 for schooling aid.",
        "不能办理助学项目。", "No schooling aid.",
    ),
    K.HOME_VISIT: _one(
        "工会在约定的日期入户走访一次。不拍照，不记录与帮扶无关的内容。",
        "The union visits me at home once, on the agreed day. No photographs, and no note beyond the aid.",
        "改为提交材料或到工会办理。", "Papers, or a talk at the union's office, instead.",
    ),
    K.PAIRING: _one(
        "工会安排一名结对人帮助我。我可以随时结束，并能看到全部记录。",
        "A helper of the union stands by me. I can end it at any time and read every note.",
        "不结对，帮扶不受影响。", "No pairing; aid stays the same.",
    ),
    K.CONTACT_BY_HELPER: _one(
        "结对人可以看到我的联系方式并与我联系。",
        "My helper may see my contact and call or write to me.",
        "由我主动联系结对人。", "I get in touch with the helper myself.",
    ),
    K.SHARE_CASE: _one(
        "工会把我的一件案件材料转给约定的法律援助、仲裁机构或服务机构。",
        "The union passes the papers of one case on to the legal aid, arbitration body or provider we agreed on.",
        "只由工会提供帮助。", "Help by the union alone.",
    ),
    K.REPRESENT: _one(
        "工会在一件案件中代表我。", "The union acts for me in one case.", "只提供咨询。", "Advice only.",
    ),
    K.PUBLISH_NAME: _one(
        "工会在表彰中公布我的姓名、事迹和照片。",
        "The union publishes my name, story and photo when I am honoured.",
        "只公布编号和所在工会。", "Number and unit only.",
    ),
    K.SEE_BY_OTHER_UNIT: _one(
        "我所在工会以外的工会在为我办事时可以打开我的记录。每次都会记录，我能看到。",
        "A unit other than mine may open my record when it does something for me. Each look is logged and shown to me.",
        "只有我所在的工会及其上级能打开。", "Only my own unit and those above it can.",
    ),
    K.CHANNEL_MAIL: _one(
        "工会通过电子邮件给我发消息。", "The union sends me messages by e-mail.",
        "通过其他方式或站内消息告知。", "Other channels, or the messages on the platform.",
    ),
    K.CHANNEL_SMS: _one(
        "工会通过短信给我发消息。", "The union sends me messages by SMS.",
        "通过其他方式或站内消息告知。", "Other channels, or the messages on the platform.",
    ),
}  # fmt: skip

#: What a person switches on and off by themselves; the rest is asked with the matter it belongs to.
SWITCHES = (K.CHANNEL_MAIL, K.CHANNEL_SMS, K.IDENTITY_CHECK, K.SEE_BY_OTHER_UNIT, K.PUBLISH_NAME)
#: Taking it back is leaving the union, which has a page of its own.
NOT_REVOCABLE_ALONE = frozenset({K.JOIN})


def current_text(kind: str) -> ConsentText:
    """The newest version. Raises Problem for a kind there is not."""
    if kind not in TEXTS:
        raise Problem("There is no consent of the kind “%(kind)s”.", kind=kind)
    return TEXTS[kind][-1]


def text_of(kind: str, version: int) -> ConsentText:
    """The version somebody consented to; the newest where that one is not known here any more."""
    return next((text for text in TEXTS[kind] if text.version == version), TEXTS[kind][-1])
