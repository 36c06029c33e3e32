"""Jobs of consultations."""

from __future__ import annotations

from qiao.base import jobs
from qiao.base.access import SYSTEM
from qiao.base.clock import now
from qiao.decide.consultations import services
from qiao.decide.consultations.services import desk, moderation, moving, pictures, slips


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name="consultations.move_due", queueing_lock="consultations.move_due", pass_context=False)
def move_due(timestamp: int) -> None:
    """Open and close what is due."""
    services.move_due(actor=SYSTEM, now=now())


@jobs.task(name="consultations.tell_opinion")
def tell_opinion(opinion_id: int) -> None:
    """Mail one author the answer."""
    services.tell_opinion(actor=SYSTEM, now=now(), opinion_id=opinion_id)


@jobs.periodic(cron="*/5 * * * *")
@jobs.task(name="consultations.work_out_votes", queueing_lock="consultations.work_out_votes", pass_context=False)
def work_out_votes(timestamp: int) -> None:
    """Weigh anew what is asked next in open consultations, and draw the maps that are shown live."""
    pictures.work_out_votes(now=now())


@jobs.task(name="consultations.work_out_suggestions")
def work_out_suggestions(consultation_id: int) -> None:
    """Suggest groups of opinions that say the same."""
    desk.work_out_suggestions(now=now(), consultation_id=consultation_id)


@jobs.task(name="consultations.tell_submission")
def tell_submission(submission_id: int) -> None:
    """Tell an author what became of the statement."""
    moderation.tell_submission(now=now(), submission_id=submission_id)


@jobs.task(name="consultations.tell_assigned")
def tell_assigned(assignment_id: int) -> None:
    """Tell an officer that an answer is to be prepared."""
    desk.tell_assigned(now=now(), assignment_id=assignment_id)


@jobs.task(name="consultations.send_slip")
def send_slip(slip_id: int) -> None:
    """Send one member a link with a code."""
    slips.send_slip(actor=SYSTEM, now=now(), slip_id=slip_id)


@jobs.task(name="consultations.send_phone_code")
def send_phone_code(slip_id: int) -> None:
    """Send a code to a telephone."""
    slips.send_phone_code(actor=SYSTEM, now=now(), slip_id=slip_id)


@jobs.periodic(cron="*/20 * * * *")
@jobs.task(name="consultations.note_moves", queueing_lock="consultations.note_moves", pass_context=False)
def note_moves(timestamp: int) -> None:
    """See what moved of what members spoke on."""
    moving.note_moves(actor=SYSTEM, now=now())


@jobs.task(name="consultations.tell_move")
def tell_move(move_id: int) -> None:
    """Tell authors of a move."""
    moving.tell_move(actor=SYSTEM, now=now(), move_id=move_id)
