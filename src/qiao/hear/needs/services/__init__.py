"""From figures and words to needs, from needs to digests and to candidates for tasks."""

from __future__ import annotations

from qiao.hear.needs.services.answering import answer_need, follow_need, link_round, take_up_need, unfollow_need
from qiao.hear.needs.services.candidates import (
    change_sheet,
    close_sheet,
    draft_sheet,
    publish_sheet,
    raise_candidate,
    score_candidate,
    seat_scorers,
)
from qiao.hear.needs.services.clocks import release_need, warn_needs
from qiao.hear.needs.services.deciding import adopt_candidate, note_proposal, reject_candidate
from qiao.hear.needs.services.deriving import derive_needs, frozen_round_of
from qiao.hear.needs.services.digests import check_digest, draft_digest, publish_digest, word_digest
from qiao.hear.needs.services.erasing import TEXTS_RULE, forget_person
from qiao.hear.needs.services.findings import raise_finding
from qiao.hear.needs.services.panel import close_panel, draw_panel, speak_on_candidate
from qiao.hear.needs.services.quoting import quote_text, withdraw_quote
from qiao.hear.needs.services.raising import raise_topic
from qiao.hear.needs.services.shaping import (
    merge_topics,
    rename_topic,
    set_aside,
    split_topic,
    take_back,
    undo_step,
)
from qiao.hear.needs.services.topics import cluster_topics, gather_topics
from qiao.hear.needs.services.wording import check_need, drop_need, publish_need, word_need

__all__ = [
    "TEXTS_RULE",
    "adopt_candidate",
    "answer_need",
    "change_sheet",
    "check_digest",
    "check_need",
    "close_panel",
    "close_sheet",
    "cluster_topics",
    "derive_needs",
    "draft_digest",
    "draft_sheet",
    "draw_panel",
    "drop_need",
    "follow_need",
    "forget_person",
    "frozen_round_of",
    "gather_topics",
    "link_round",
    "merge_topics",
    "note_proposal",
    "publish_digest",
    "publish_need",
    "publish_sheet",
    "quote_text",
    "raise_candidate",
    "raise_finding",
    "raise_topic",
    "reject_candidate",
    "release_need",
    "rename_topic",
    "score_candidate",
    "seat_scorers",
    "set_aside",
    "speak_on_candidate",
    "split_topic",
    "take_back",
    "take_up_need",
    "undo_step",
    "unfollow_need",
    "warn_needs",
    "withdraw_quote",
    "word_digest",
    "word_need",
]
