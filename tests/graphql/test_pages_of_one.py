"""The pages of one event, of one key, and of the pipeline."""

from __future__ import annotations

import time
from importlib.metadata import version

import orjson
import pytest
from nostr_sdk import EventId, Nip19Event, Nip19Profile, PublicKey

from dvmdash.ingest.streams import ensure_streams
from dvmdash.nip90.log import COLLECTORS_BUCKET, subject
from dvmdash.nip90.references import to_note, to_npub
from dvmdash.simulate.signing import as_json, sign_event

from .asking import CountingContext, ask, refusal
from .world import CUSTOMER, PROVIDER, RIVAL, START, World, deletion, feedback, request, result, unseen_id

pytestmark = pytest.mark.integration

EVENT = """
query Event($id: String!) {
  event(id: $id) {
    jobId deletedAt raw
    event { id kind kindName role stub pubkey createdAt createdAtUnix firstSeen note streamSeq relay content
            statusClass author { pubkey } }
    references { type outgoing rule event { id author { pubkey } } }
  }
}
"""

ENTITY = """
query Entity($pubkey: String!, $first: Int! = 50, $after: String) {
  entity(pubkey: $pubkey) {
    firstEventAt lastEventAt
    entity { pubkey npub name about isDvm isUser }
    announcements { id kind }
    events(first: $first, after: $after) { edges { node { id } } pageInfo { hasNextPage endCursor } }
  }
}
"""


async def test_an_event_is_found_by_hex_note_and_nevent(context: CountingContext, world: World) -> None:
    job = request()
    await world.add(job)
    found = await ask(context, EVENT, id=job["id"])
    assert found["event"]["event"] == {
        "id": job["id"],
        "kind": 5100,
        "kindName": "Image generation",
        "role": "request",
        "stub": False,
        "pubkey": CUSTOMER.pubkey,
        "createdAt": "2026-05-28T20:26:40Z",
        "createdAtUnix": START,
        "firstSeen": "2026-05-28T20:26:41Z",
        "note": to_note(job["id"]),
        "streamSeq": 1,
        "relay": "wss://relay.example",
        "content": None,
        "statusClass": None,
        "author": {"pubkey": CUSTOMER.pubkey},
    }
    for text in (to_note(job["id"]), Nip19Event(EventId.parse(job["id"])).to_bech32()):
        assert await ask(context, EVENT, id=text) == found


async def test_an_event_tells_its_job_and_what_it_is_tied_to(context: CountingContext, world: World) -> None:
    job = request()
    answer = result(job)
    removal = deletion(answer, PROVIDER)
    await world.add(job, answer, removal)
    found = (await ask(context, EVENT, id=answer["id"]))["event"]
    assert (found["jobId"], found["deletedAt"]) == (job["id"], "2026-05-28T20:27:02Z")
    ties = {(each["type"], each["outgoing"], each["event"]["id"]) for each in found["references"]}
    assert ties == {("RESULT_FOR", True, job["id"]), ("DELETES", False, removal["id"])}
    back = (await ask(context, EVENT, id=job["id"]))["event"]
    assert back["jobId"] == job["id"]
    assert [(each["type"], each["outgoing"]) for each in back["references"]] == [("RESULT_FOR", False)]
    assert back["references"][0]["event"]["author"] == {"pubkey": PROVIDER.pubkey}


async def test_a_deletion_by_a_stranger_deletes_nothing(context: CountingContext, world: World) -> None:
    job = request()
    await world.add(job, deletion(job, RIVAL))
    assert (await ask(context, EVENT, id=job["id"]))["event"]["deletedAt"] is None


async def test_an_event_that_is_only_referred_to_is_a_stub(context: CountingContext, world: World) -> None:
    job = request()
    await world.add(feedback(job))
    found = (await ask(context, EVENT, id=job["id"]))["event"]
    assert (found["event"]["stub"], found["event"]["kind"], found["raw"]) == (True, None, None)
    assert (await ask(context, EVENT, id=unseen_id()))["event"] is None


async def test_an_event_is_given_as_it_was_received_while_the_log_has_it(
    context: CountingContext, world: World
) -> None:
    js = context.nc.jetstream()
    await ensure_streams(js)
    job, lost = request(), request(2)
    text = as_json(job)
    await js.publish(subject(job["kind"], job["id"]), text.encode())
    await world.add(job, lost)
    assert (await ask(context, EVENT, id=job["id"]))["event"]["raw"] == text
    assert (await ask(context, EVENT, id=lost["id"]))["event"]["raw"] is None


@pytest.mark.parametrize("at", [2**31, 253_402_300_800, 2**63 - 1])
async def test_a_time_beyond_all_calendars_breaks_no_page(
    context: CountingContext, world: World, at: int
) -> None:
    far = request(at=at)
    await world.add(far, request(at=START))
    shown = "2038-01-19T03:14:08Z" if at == 2**31 else "9999-12-31T23:59:59Z"
    event = (await ask(context, EVENT, id=far["id"]))["event"]["event"]
    assert (event["createdAt"], event["createdAtUnix"]) == (shown, float(at))
    entity = (await ask(context, ENTITY, pubkey=CUSTOMER.pubkey, first=1))["entity"]
    assert (entity["firstEventAt"], entity["lastEventAt"]) == ("2026-05-28T20:26:40Z", shown)
    assert entity["events"]["edges"] == [{"node": {"id": far["id"]}}]
    after = entity["events"]["pageInfo"]["endCursor"]
    rest = (await ask(context, ENTITY, pubkey=CUSTOMER.pubkey, first=1, after=after))["entity"]["events"]
    assert far["id"] not in str(rest["edges"])
    assert len(rest["edges"]) == 1


async def test_an_entity_is_found_by_hex_npub_and_nprofile(context: CountingContext, world: World) -> None:
    profile = sign_event(PROVIDER, START, 0, [], '{"name":"painter","about":"I paint"}')
    announcement = sign_event(PROVIDER, START + 1, 31990, [["d", "a"], ["k", "5100"]], '{"name":"paint"}')
    await world.add(profile, announcement)
    found = await ask(context, ENTITY, pubkey=PROVIDER.pubkey)
    entity = found["entity"]
    assert entity["entity"] == {
        "pubkey": PROVIDER.pubkey,
        "npub": to_npub(PROVIDER.pubkey),
        "name": "painter",
        "about": "I paint",
        "isDvm": True,
        "isUser": False,
    }
    assert entity["announcements"] == [{"id": announcement["id"], "kind": 31990}]
    assert (entity["firstEventAt"], entity["lastEventAt"]) == ("2026-05-28T20:26:40Z", "2026-05-28T20:26:41Z")
    assert [edge["node"]["id"] for edge in entity["events"]["edges"]] == [announcement["id"], profile["id"]]
    for text in (to_npub(PROVIDER.pubkey), Nip19Profile(PublicKey.parse(PROVIDER.pubkey), []).to_bech32()):
        assert await ask(context, ENTITY, pubkey=text) == found


async def test_an_entity_that_nothing_names_is_null(context: CountingContext) -> None:
    assert await ask(context, ENTITY, pubkey=RIVAL.pubkey) == {"entity": None}


async def test_the_events_of_an_entity_page_like_jobs(context: CountingContext, world: World) -> None:
    made = [request(number, at=START + number // 3) for number in range(8)]
    await world.add(*made, request(author=RIVAL))
    found, after = [], None
    for _ in range(3):
        page = (await ask(context, ENTITY, pubkey=CUSTOMER.pubkey, first=3, after=after))["entity"]["events"]
        found += [edge["node"]["id"] for edge in page["edges"]]
        after = page["pageInfo"]["endCursor"]
    assert page["pageInfo"]["hasNextPage"] is False
    assert found == [
        job["id"] for job in sorted(made, key=lambda each: (each["created_at"], each["id"]), reverse=True)
    ]
    said = await refusal(context, ENTITY, pubkey=CUSTOMER.pubkey, first=101)
    assert said == "`first` is 101; a page has 1 to 100 rows"


async def test_an_event_id_where_a_pubkey_is_due_is_refused_with_what_is_due(
    context: CountingContext,
) -> None:
    said = await refusal(context, ENTITY, pubkey=to_note(unseen_id()))
    assert said.endswith("this field takes a public key: 64 hex digits, npub1… or nprofile1…")


STATUS = """
{ status {
    counts { name value } log { messages bytes lastSequence }
    projector { lag lagSeconds checkpoint deadLetters }
    collectors { id updatedAt relays { url state events duplicates refused { name value } lastEventAt notices
                                       error watermark backfill } }
    versions { name version } } }
"""


async def test_the_status_of_what_has_never_run_is_zero(context: CountingContext) -> None:
    status = (await ask(context, STATUS))["status"]
    assert {each["value"] for each in status["counts"]} == {0}
    assert status["log"] == {"messages": 0, "bytes": "0", "lastSequence": 0}
    assert status["projector"] == {"lag": 0, "lagSeconds": None, "checkpoint": 0, "deadLetters": 0}
    assert status["collectors"] == []
    versions = {each["name"]: each["version"] for each in status["versions"]}
    assert versions["dvmdash"] == version("dvmdash")
    assert versions["neo4j"][0].isdigit()
    assert versions["nats-server"][0].isdigit()


async def test_the_status_counts_the_log_the_graph_and_how_far_they_are_apart(
    context: CountingContext, world: World
) -> None:
    js = context.nc.jetstream()
    await ensure_streams(js)
    made = [request(1), request(2), request(3)]
    for job in made:
        await js.publish(subject(job["kind"], job["id"]), as_json(job).encode())
    await world.add(*made[:2])
    status = (await ask(context, STATUS))["status"]
    assert (status["log"]["messages"], status["log"]["lastSequence"]) == (3, 3)
    assert int(status["log"]["bytes"]) > 0
    # There is no consumer yet: all that the log holds lies before it.
    assert (status["projector"]["lag"], status["projector"]["checkpoint"]) == (3, 2)
    assert status["projector"]["lagSeconds"] > 0
    counts = {each["name"]: each["value"] for each in status["counts"]}
    assert (counts["events"], counts["requests"], counts["users"], counts["dvms"]) == (2, 2, 1, 0)


async def test_collectors_are_shown_with_their_relays_until_they_fall_silent(
    context: CountingContext,
) -> None:
    js = context.nc.jetstream()
    await ensure_streams(js)
    bucket = await js.key_value(COLLECTORS_BUCKET)
    relay = {
        "url": "wss://relay.example",
        "state": "connected",
        "since": START,
        "events": 5,
        "duplicates": 2,
        "refused": {"bad-signature": 1},
        "last_event_at": START,
        "notices": ["<b>slow down</b>"],
        "error": None,
        "watermark": 2**40,
        "backfill": "done",
    }
    now = time.time()
    for name, updated in (("b", now), ("a", now), ("gone", now - 7_200)):
        state = {"collector": name, "updated_at": updated, "relays": [relay]}
        await bucket.put(name, orjson.dumps(state))
    found = (await ask(context, STATUS))["status"]["collectors"]
    assert [each["id"] for each in found] == ["a", "b"]
    assert found[0]["relays"] == [
        {
            "url": "wss://relay.example",
            "state": "connected",
            "events": 5,
            "duplicates": 2,
            "refused": [{"name": "bad-signature", "value": 1}],
            "lastEventAt": "2026-05-28T20:26:40Z",
            "notices": ["<b>slow down</b>"],
            "error": None,
            "watermark": "9999-12-31T23:59:59Z",
            "backfill": "done",
        }
    ]
