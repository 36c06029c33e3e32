"""Terms, meetings, votes, proposals and open affairs of the workers' congress."""

from __future__ import annotations

from qiao.decide.congress.services.affairs import (
    answer_question,
    ask_question,
    make_link,
    move_breach,
    register_affair,
    show_affair,
    use_link,
    write_letter,
)
from qiao.decide.congress.services.calling import (
    add_item,
    add_paper,
    call_session,
    cancel_session,
    drop_item,
    move_session,
    send_papers,
    sign_call,
    start_call,
)
from qiao.decide.congress.services.deciding import register_decision
from qiao.decide.congress.services.electing import (
    Elected,
    certify_congress,
    end_seat,
    extend_term,
    file_congress,
    record_election,
    return_congress,
)
from qiao.decide.congress.services.forming import add_constituency, add_worker, divide_seats, form_congress
from qiao.decide.congress.services.handling import (
    assign_proposal,
    close_unrated,
    reply_proposal,
    review_proposal,
    take_in_hand,
)
from qiao.decide.congress.services.meeting import (
    follow_session,
    open_meeting,
    report_session,
    resolve_session,
    say_here,
    set_attendance,
)
from qiao.decide.congress.services.proposals import (
    draft_proposal,
    edit_proposal,
    join_proposal,
    rate_proposal,
    second_proposal,
    split_proposal,
    submit_proposal,
    withdraw_proposal,
)
from qiao.decide.congress.services.telling import tell_affair, tell_answer, tell_proposal, tell_session
from qiao.decide.congress.services.votes import (
    VotedAlready,
    cast_vote,
    close_vote,
    confirm_tally,
    enter_tally,
    hand_papers,
    open_vote,
    settle_item,
)

__all__ = [
    "Elected", "VotedAlready", "add_constituency", "add_item", "add_paper", "add_worker", "answer_question",
    "ask_question", "assign_proposal", "call_session", "cancel_session", "cast_vote", "certify_congress",
    "close_unrated", "close_vote", "confirm_tally", "divide_seats", "draft_proposal", "drop_item", "edit_proposal",
    "end_seat", "enter_tally", "extend_term", "file_congress", "follow_session", "form_congress", "hand_papers",
    "join_proposal", "make_link", "move_breach", "move_session", "open_meeting", "open_vote", "rate_proposal",
    "record_election", "register_affair", "register_decision", "reply_proposal", "report_session", "resolve_session",
    "return_congress", "review_proposal", "say_here", "second_proposal", "send_papers", "set_attendance", "settle_item",
    "show_affair", "sign_call", "split_proposal", "start_call", "submit_proposal", "take_in_hand", "tell_affair",
    "tell_answer", "tell_proposal", "tell_session", "use_link", "withdraw_proposal", "write_letter",
]  # fmt: skip
