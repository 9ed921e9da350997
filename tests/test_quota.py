"""Thirty questions a minute for each person, then one sentence about the wait."""

from __future__ import annotations

from bot.inbound.receiver import QUESTIONS, WINDOW_SECONDS, Quota


def test_the_thirty_first_question_within_a_minute_waits_until_the_first_is_a_minute_old() -> None:
    quota = Quota(QUESTIONS)
    assert [quota.admit(1, float(second)) for second in range(QUESTIONS)] == [0.0] * QUESTIONS
    assert quota.admit(1, 45.0) == 15.0
    assert quota.admit(1, 60.0) == 0.0


def test_one_person_does_not_wait_for_another() -> None:
    quota = Quota(QUESTIONS)
    for _ in range(QUESTIONS + 5):
        quota.admit(1, 0.0)
    assert quota.admit(2, 0.0) == 0.0


def test_a_refused_question_does_not_lengthen_the_wait() -> None:
    quota = Quota(QUESTIONS)
    for _ in range(QUESTIONS + 100):
        quota.admit(1, 0.0)
    assert quota.admit(1, WINDOW_SECONDS) == 0.0


def test_the_wait_is_told_once_in_a_window() -> None:
    quota = Quota(QUESTIONS)
    assert quota.must_tell(1, 0.0)
    assert not quota.must_tell(1, 59.0)
    assert quota.must_tell(2, 59.0)
    assert quota.must_tell(1, 61.0)
