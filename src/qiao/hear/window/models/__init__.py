"""Requests and what happens to them; the counter; where requests go and what is answered."""

from __future__ import annotations

from qiao.hear.window.models.after import AskerLook, CallBack, Extension, FollowUp, Rating, SafetyCall
from qiao.hear.window.models.connect import ApiFiling, Delivery, ExternalSystem, Hook
from qiao.hear.window.models.desk import Appointment, LineDay, QueueTicket
from qiao.hear.window.models.requests import (
    Attachment,
    DaySeal,
    Message,
    Request,
    RequestLink,
    Transition,
    WorkOrder,
)
from qiao.hear.window.models.routing import AnswerTemplate, ReceiverRule

__all__ = [
    "AnswerTemplate",
    "ApiFiling",
    "Appointment",
    "AskerLook",
    "Attachment",
    "CallBack",
    "DaySeal",
    "Delivery",
    "Extension",
    "ExternalSystem",
    "FollowUp",
    "Hook",
    "LineDay",
    "Message",
    "QueueTicket",
    "Rating",
    "ReceiverRule",
    "Request",
    "RequestLink",
    "SafetyCall",
    "Transition",
    "WorkOrder",
]
