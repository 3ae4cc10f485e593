from __future__ import annotations

from collections import Counter

import pytest

from dvmdash.nip90.event import Event
from dvmdash.nip90.status import StatusClass, read_status

from .signing import Signer

DVM = Signer("dvm")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("payment-required", StatusClass.PAYMENT_REQUIRED),
        ("payment_required", StatusClass.PAYMENT_REQUIRED),
        ("Payment-Required ", StatusClass.PAYMENT_REQUIRED),
        ("subscription-required", StatusClass.PAYMENT_REQUIRED),
        ("processing", StatusClass.PROCESSING),
        ("partial", StatusClass.PARTIAL),
        ("success", StatusClass.SUCCESS),
        ("finished", StatusClass.SUCCESS),
        ("done", StatusClass.SUCCESS),
        ("error", StatusClass.ERROR),
        ("user-blocked-from-service", StatusClass.ERROR),
        ("scheduled", StatusClass.ACCEPTED),
        ("chain-scheduled", StatusClass.ACCEPTED),
        ("available", StatusClass.OFFER),
        ("payment-rejected", StatusClass.UNDERPAID),
        ("paid", StatusClass.PAID),
        ("payment-accepted", StatusClass.PAID),
        ("subscription-active", StatusClass.PAID),
        ("pong", StatusClass.OTHER),
        ("opaque", StatusClass.OTHER),
        ("другое", StatusClass.OTHER),
    ],
)
def test_each_word_has_its_class_and_stays_readable(raw: str, expected: StatusClass) -> None:
    status = read_status(DVM.sign(7000, [["status", raw]]))
    assert status is not None
    assert (status.raw, status.status, status.info) == (raw.strip(), expected, None)


def test_the_extra_text_is_kept_bounded_and_harmless() -> None:
    status = read_status(DVM.sign(7000, [["status", "error", "bad\u202e\n input " + "x" * 9_000]]))
    assert status is not None
    assert status.info is not None
    assert status.info.startswith("bad input xxx")
    assert len(status.info) == 280


def test_a_result_may_say_it_in_an_s_tag_but_feedback_may_not() -> None:
    tags = [["s", "payment-required", "Failed to redeem cashu token"]]
    status = read_status(DVM.sign(6600, tags))
    assert status is not None
    assert (status.status, status.info) == (StatusClass.PAYMENT_REQUIRED, "Failed to redeem cashu token")
    assert read_status(DVM.sign(7000, tags)) is None
    assert read_status(DVM.sign(6600, [["s", "session-17"]])) is None


def test_encrypted_without_a_readable_status_is_opaque() -> None:
    status = read_status(DVM.sign(7000, [["encrypted"]], "c2VjcmV0"))
    assert status is not None
    assert (status.raw, status.status) == (None, StatusClass.OPAQUE)
    visible = read_status(DVM.sign(7000, [["encrypted"], ["status", "error"]]))
    assert visible is not None
    assert visible.status is StatusClass.ERROR


@pytest.mark.parametrize("tags", [[], [["status"]], [["status", " "]], [["e", "status"]]])
def test_no_status_is_none(tags: list[list[str]]) -> None:
    assert read_status(DVM.sign(7000, tags)) is None


def test_the_real_feedback_and_results_state_these(real_events: list[Event]) -> None:
    statuses = [read_status(e) for e in real_events if e.kind == 7000]
    assert Counter(str(s.status) if s else None for s in statuses) == {
        "payment-required": 4,
        "processing": 5,
        "success": 4,
        "partial": 1,
        "error": 1,
        "opaque": 5,
    }
