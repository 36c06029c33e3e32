"""Clocks: hand-worked dates, and properties over any calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qiao.base.deadlines import Calendar, Mark, Span, SpanUnit, before, due, extended, progress, resumed

HERE = ZoneInfo("Asia/Shanghai")
#: The first days of October 2026 are days off; Saturday 10 October is worked for one of them.
OCTOBER = Calendar(
    frozenset({date(2026, 10, day) for day in range(1, 8)}), frozenset({date(2026, 9, 20), date(2026, 10, 10)})
)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("start", "span", "end"),
    [
        ("2026-05-11T10:00", Span(15, SpanUnit.DAYS), "2026-05-26T23:59:59"),
        # Monday 11 May and five days is a Saturday: it moves to Monday.
        ("2026-05-11T10:00", Span(5, SpanUnit.DAYS), "2026-05-18T23:59:59"),
        ("2026-05-11T10:00", Span(5, SpanUnit.WORKING_DAYS), "2026-05-18T23:59:59"),
        # Over the days off: 29 and 30 September, 8 and 9, then the worked Saturday.
        ("2026-09-28T10:00", Span(5, SpanUnit.WORKING_DAYS), "2026-10-10T23:59:59"),
        ("2026-09-18T10:00", Span(2, SpanUnit.DAYS), "2026-09-20T23:59:59"),
        ("2026-01-31T10:00", Span(1, SpanUnit.MONTHS), "2026-03-02T23:59:59"),
        ("2024-02-29T10:00", Span(1, SpanUnit.YEARS), "2025-02-28T23:59:59"),
        ("2026-10-03T10:00", Span(2, SpanUnit.HOURS), "2026-10-03T12:00:00"),
    ],
)
def test_due_days_worked_by_hand(start: str, span: Span, end: str) -> None:
    assert due(at(start), span, OCTOBER) == at(end)


def test_the_day_is_the_day_here_not_in_greenwich() -> None:
    # 18:00 UTC on the 11th is 02:00 on the 12th here.
    assert due(datetime(2026, 5, 11, 18, tzinfo=UTC), Span(1, SpanUnit.DAYS)) == at("2026-05-13T23:59:59")


def test_a_moment_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        due(datetime(2026, 5, 11), Span(1, SpanUnit.DAYS))


def test_progress_warns_at_half_and_at_four_fifths_and_stands_still_in_a_pause() -> None:
    start, end = at("2026-05-01T00:00"), at("2026-05-11T00:00")
    marks = [progress(start, end, start + timedelta(days=day)).mark for day in (0, 4, 5, 8, 10)]
    assert marks == [Mark.RUNNING, Mark.RUNNING, Mark.HALF, Mark.NEARLY, Mark.NEARLY]
    late = progress(start, end, start + timedelta(days=11))
    assert (late.mark, late.left, late.warns) == (Mark.OVERDUE, timedelta(days=-1), True)
    paused = progress(start, end, start + timedelta(days=30), paused=start + timedelta(days=4))
    assert (paused.mark, paused.share) == (Mark.PAUSED, 0.4)


def test_a_pause_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="before it begins"):
        resumed(at("2026-05-20T10:00"), at("2026-05-11T10:00"), at("2026-05-10T10:00"), SpanUnit.DAYS)


def test_before_counts_back() -> None:
    assert before(at("2026-03-31T10:00"), Span(1, SpanUnit.MONTHS)) == at("2026-02-28T10:00")
    assert before(at("2026-03-31T10:00"), Span(90, SpanUnit.DAYS)) == at("2025-12-31T10:00")
    with pytest.raises(ValueError, match="forward"):
        before(at("2026-03-31T10:00"), Span(1, SpanUnit.WORKING_DAYS))


days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
calendars = st.builds(
    Calendar,
    rest_days=st.frozensets(days, max_size=40),
    extra_working_days=st.frozensets(days, max_size=20),
    weekend=st.frozensets(st.integers(0, 6), max_size=4),
)
moments = st.builds(lambda day, hour: datetime.combine(day, time(hour), HERE), days, st.integers(0, 23))
by_day = st.sampled_from([SpanUnit.DAYS, SpanUnit.WORKING_DAYS, SpanUnit.MONTHS, SpanUnit.YEARS])
day_spans = st.builds(Span, st.integers(0, 40), st.sampled_from([SpanUnit.DAYS, SpanUnit.WORKING_DAYS])) | st.builds(
    Span, st.integers(0, 24), st.just(SpanUnit.MONTHS)
)
hour_spans = st.builds(Span, st.integers(0, 500), st.just(SpanUnit.HOURS))


@given(moments, day_spans, calendars)
def test_nothing_is_due_on_a_day_of_rest_or_before_it_began(start: datetime, span: Span, calendar: Calendar) -> None:
    end = due(start, span, calendar)
    assert calendar.works(end.astimezone(HERE).date())
    assert end >= start


@given(moments, moments, day_spans | hour_spans, calendars)
def test_who_begins_later_is_due_no_earlier(one: datetime, other: datetime, span: Span, calendar: Calendar) -> None:
    first, second = sorted([one, other])
    assert due(first, span, calendar) <= due(second, span, calendar)


@given(moments, day_spans, day_spans, calendars)
def test_an_extension_never_shortens(start: datetime, span: Span, more: Span, calendar: Calendar) -> None:
    end = due(start, span, calendar)
    assert extended(end, more, calendar) >= end


@given(moments, st.integers(0, 60), st.integers(0, 60), st.integers(0, 40), calendars)
def test_a_pause_adds_exactly_what_was_paused(
    start: datetime, after: int, length: int, number: int, calendar: Calendar
) -> None:
    stop = start + timedelta(days=after)
    again = stop + timedelta(days=length)
    hours = due(start, Span(number, SpanUnit.HOURS))
    assert resumed(hours, stop, again, SpanUnit.HOURS) - hours == again - stop
    # In days: a calendar in which every day is worked moves nothing, so the sum can be seen.
    every_day = Calendar(weekend=frozenset())
    end = due(start, Span(number, SpanUnit.DAYS), every_day)
    assert resumed(end, stop, again, SpanUnit.DAYS, every_day) - end == timedelta(days=length)
    worked = due(start, Span(number, SpanUnit.WORKING_DAYS), calendar)
    later = resumed(worked, stop, again, SpanUnit.WORKING_DAYS, calendar)
    assert calendar.working_days_between(worked.date(), later.date()) == calendar.working_days_between(
        stop.date(), again.date()
    )
