from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise

import orjson
import pytest
from nostr_sdk import Event

from dvmdash.nip90.bolt11 import read_invoice
from dvmdash.simulate.scene import Moment
from dvmdash.simulate.signing import SignedEvent, as_json
from dvmdash.simulate.traffic import TrafficSettings, traffic


def moments(count: int, settings: TrafficSettings | None = None) -> list[Moment]:
    return list(islice(traffic(settings or TrafficSettings()), count))


@pytest.fixture(scope="module")
def events() -> list[SignedEvent]:
    return [moment.event for moment in moments(4_000)]


def tags_named(event: SignedEvent, name: str) -> list[list[str]]:
    return [tag for tag in event["tags"] if tag[0] == name]


def results(events: list[SignedEvent]) -> list[SignedEvent]:
    return [event for event in events if 6000 <= event["kind"] < 7000]


def test_equal_settings_give_equal_events() -> None:
    assert moments(800) == moments(800)


def test_another_seed_gives_other_events() -> None:
    others = {moment.event["id"] for moment in moments(800, TrafficSettings(seed=2))}
    assert others.isdisjoint(moment.event["id"] for moment in moments(800))


def test_a_later_start_continues_with_the_same_people_and_other_jobs() -> None:
    later = moments(300, TrafficSettings(start=1_750_100_000, introduce=False))
    people = {moment.event["pubkey"] for moment in moments(4_000)}
    authors = Counter(moment.event["pubkey"] for moment in later)
    assert sum(count for author, count in authors.items() if author in people) > 0.95 * len(later)
    assert {moment.event["id"] for moment in later}.isdisjoint(
        moment.event["id"] for moment in moments(1_000)
    )


def test_moments_come_in_order_and_dates_fit_them() -> None:
    found = moments(2_000)
    assert all(before.at <= after.at for before, after in pairwise(found))
    assert all(moment.event["created_at"] == int(moment.at) for moment in found)


def test_every_event_passes_a_foreign_verification(events: list[SignedEvent]) -> None:
    assert all(Event.from_json(as_json(event)).verify() for event in events[:1_500])


def test_no_event_comes_twice(events: list[SignedEvent]) -> None:
    assert len({event["id"] for event in events}) == len(events)


def test_no_event_comes_twice_even_when_few_customers_ask_all_the_time() -> None:
    found = moments(6_000, TrafficSettings(jobs_per_second=50, customers=2))
    assert len({moment.event["id"] for moment in found}) == len(found)


def test_most_results_carry_their_whole_signed_request(events: list[SignedEvent]) -> None:
    found = results(events)
    carrying = [event for event in found if tags_named(event, "request")]
    assert 0.56 <= len(carrying) / len(found) <= 0.88
    for event in carrying:
        request = Event.from_json(tags_named(event, "request")[0][1])
        assert request.verify()
        assert request.kind().as_u16() + 1000 == event["kind"]


def test_results_and_feedback_name_a_request_of_the_traffic(events: list[SignedEvent]) -> None:
    requests = {event["id"]: event["kind"] for event in events if 5000 <= event["kind"] < 6000}
    answers = [event for event in events if 6000 <= event["kind"] <= 7000]
    assert answers
    for event in answers:
        assert tags_named(event, "e")[0][1] in requests


def test_all_habits_of_the_wild_occur(events: list[SignedEvent]) -> None:
    kinds = {event["kind"] for event in events}
    assert {0, 5, 7000, 9321, 9735, 31990} <= kinds
    statuses = {tag[1] for event in events for tag in tags_named(event, "status")}
    assert statuses == {"payment-required", "processing", "partial", "error", "success"}
    assert any(["encrypted"] in event["tags"] for event in results(events))
    assert any(len(tags_named(event, "p")) == 2 for event in results(events))
    assert any(tags_named(event, "expiration") for event in events)
    inputs = [tag for event in events for tag in tags_named(event, "i")]
    assert any(tag[2:3] == ["job"] for tag in inputs)
    amounts = [tag for event in events for tag in tags_named(event, "amount")]
    assert any("_" in tag[1] for tag in amounts)
    assert any(len(tag) == 2 for tag in amounts)
    assert any(tag[2:] and tag[2].startswith("lightning:lnbc") for tag in amounts)


def test_providers_can_be_kept_from_setting_expirations() -> None:
    found = moments(2_000, TrafficSettings(expirations=False))
    assert not any(tags_named(moment.event, "expiration") for moment in found)


def test_chained_jobs_follow_the_request_they_build_on(events: list[SignedEvent]) -> None:
    requests = {event["id"]: event for event in events if 5000 <= event["kind"] < 6000}
    children = [
        (event, tag) for event in requests.values() for tag in tags_named(event, "i") if tag[2:3] == ["job"]
    ]
    assert children
    for child, tag in children:
        assert requests[tag[1]]["created_at"] <= child["created_at"]
        assert requests[tag[1]]["pubkey"] == child["pubkey"]


def test_zap_receipts_carry_the_signed_zap_request(events: list[SignedEvent]) -> None:
    receipts = [event for event in events if event["kind"] == 9735]
    assert receipts
    for receipt in receipts:
        wish = Event.from_json(tags_named(receipt, "description")[0][1])
        assert wish.verify()
        assert wish.kind().as_u16() == 9734


def test_nutzap_proofs_are_whole_satoshi_locked_to_the_payee(events: list[SignedEvent]) -> None:
    nutzaps = [event for event in events if event["kind"] == 9321]
    assert nutzaps
    for nutzap in nutzaps:
        payee = tags_named(nutzap, "p")[0][1]
        proofs = [orjson.loads(tag[1]) for tag in tags_named(nutzap, "proof")]
        assert sum(proof["amount"] for proof in proofs) in {5, 10, 21, 50, 100, 250}
        assert all(payee in proof["secret"] for proof in proofs)


def test_every_invoice_can_be_read_and_carries_its_amount(events: list[SignedEvent]) -> None:
    amounts = [tag for event in events for tag in tags_named(event, "amount") if "lnbc" in "".join(tag[2:])]
    assert amounts
    assert all(read_invoice(tag[2]).amount_msat == int(tag[1]) for tag in amounts)


def test_receipts_show_the_amount_that_was_wished_and_some_the_providers_own_invoice(
    events: list[SignedEvent],
) -> None:
    asked = {
        read_invoice(tag[2]).id
        for event in events
        for tag in tags_named(event, "amount")
        if tag[2:] and "lnbc" in tag[2]
    }
    own = 0
    for receipt in (event for event in events if event["kind"] == 9735):
        invoice = read_invoice(tags_named(receipt, "bolt11")[0][1])
        wish = orjson.loads(tags_named(receipt, "description")[0][1])
        assert ["amount", str(invoice.amount_msat)] in wish["tags"]
        own += invoice.id in asked
    assert own > 0
