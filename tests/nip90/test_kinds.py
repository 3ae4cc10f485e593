from __future__ import annotations

import pytest

from dvmdash.nip90.kinds import Origin, Role, default_registry

KINDS = default_registry()


@pytest.mark.parametrize(
    ("kind", "role"),
    [
        (5000, Role.REQUEST),
        (5999, Role.REQUEST),
        (6000, Role.RESULT),
        (6999, Role.RESULT),
        (7000, Role.FEEDBACK),
        (0, Role.PROFILE),
        (5, Role.DELETION),
        (9735, Role.ZAP_RECEIPT),
        (9321, Role.NUTZAP),
        (10019, Role.NUTZAP_INFO),
        (7376, Role.NUTZAP_REDEMPTION),
        (31990, Role.ANNOUNCEMENT),
        (11998, Role.HEARTBEAT),
        (30333, Role.HEARTBEAT),
        (11316, Role.PROVIDER_ANNOUNCEMENT),
        (11999, Role.PROVIDER_ANNOUNCEMENT),
        (4999, None),
        (1, None),
        (1059, None),
        (9734, None),
    ],
)
def test_a_kind_has_its_role(kind: int, role: Role | None) -> None:
    assert KINDS.role(kind) is role
    assert KINDS.wanted(kind) is (role is not None)


@pytest.mark.parametrize(
    "kind",
    [
        *(5124, 5128, 5129, 5132, 5151, 5183, 5389, 5391, 5392, 5393, 5394, 5546, 5663, 5666, 5969),
        *(6006, 6007, 6013, 6015, 6016, 6153, 6275, 6276, 6277, 6503, 6666, 6927, 6969),
    ],
)
def test_a_denied_kind_has_a_reason_and_is_neither_wanted_nor_asked_for(kind: int) -> None:
    assert KINDS.denied(kind)
    assert KINDS.role(kind) is None
    assert not KINDS.wanted(kind)
    assert not KINDS.is_request(kind)
    assert kind not in KINDS.kinds_for_relays()


def test_relays_are_asked_for_every_job_kind_and_for_no_kind_of_the_whole_network() -> None:
    asked = KINDS.kinds_for_relays()
    assert asked == sorted(set(asked))
    assert {5000, 5300, 5999, 6000, 6999, 7000, 31990, 11998} <= set(asked)
    assert KINDS.kinds_of_interest() == [0, 5, 7376, 9321, 9735, 10019]
    assert not set(asked) & set(KINDS.kinds_of_interest())
    assert len([kind for kind in asked if 5000 <= kind <= 6999]) == 2000 - 28


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (5300, "Nostr content discovery"),
        (6300, "Nostr content discovery result"),
        (7000, "Job feedback"),
        (9735, "Zap receipt"),
        (5042, "Text job 5042"),
        (6042, "Text job 5042 result"),
        (5700, "Job 5700"),
        (6999, "Virtual machine or generic job result"),
        (5969, "Kind 5969 (zap poll)"),
        (1, "Kind 1"),
    ],
)
def test_every_kind_has_a_name_for_people(kind: int, name: str) -> None:
    assert KINDS.name(kind) == name


def test_the_listing_holds_names_roles_origins_and_denials() -> None:
    rows = {row.kind: row for row in KINDS.listed()}
    assert list(rows) == sorted(rows)
    assert rows[5300].origin is Origin.OFFICIAL
    assert rows[5101].origin is Origin.PROPOSED
    assert rows[5910].origin is Origin.SEEN
    assert rows[5969].denied == "zap poll"
    assert rows[5969].role is None
    assert all(row.name for row in rows.values())
    assert KINDS.row(5042).name == "Text job 5042"
