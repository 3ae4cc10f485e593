from __future__ import annotations

import asyncio

import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext

from dvmdash.ingest.acks import STORED, Answer, read_answer
from dvmdash.ingest.admission import Admission
from dvmdash.ingest.entry import Admitted, Outcome, Source
from dvmdash.ingest.errors import LogUnavailable
from dvmdash.ingest.settings import WriterSettings
from dvmdash.ingest.writer import LogWriter
from dvmdash.nip90 import log

from .signing import event, raw

NEW, KNOWN = Outcome.ACCEPTED, Outcome.DUPLICATE
HASTY = WriterSettings(answer_seconds=0.3, attempts=2, backoff_seconds=0.01)


def entries(count: int, start: int = 0) -> list[Admitted]:
    admission = Admission()
    texts = [raw(event(str(number))) for number in range(start, start + count)]
    return [admission.admit(text, Source.RELAY, "wss://relay.example")[0] for text in texts]


async def stored(js: JetStreamContext) -> int:
    return (await js.stream_info(log.STREAM)).state.messages


def test_answers_of_the_server_are_told_apart() -> None:
    assert read_answer(b'{"stream":"DVM_EVENTS","seq":3}') is STORED
    wrong = b'{"error":{"code":400,"err_code":10071,"description":"wrong last sequence: 1"}}'
    assert read_answer(wrong) == Answer(400, 10071, "wrong last sequence: 1")
    assert read_answer(b"").status == 503


@pytest.mark.integration
@pytest.mark.parametrize("count", [1, 5, 16, 600, 1100])
async def test_events_are_stored_once_whatever_their_number(
    nats_client: Client, log_stream: JetStreamContext, count: int
) -> None:
    writer = LogWriter(nats_client)
    batch = entries(count)
    assert await writer.append(batch) == [NEW] * count
    assert await writer.append(batch) == [KNOWN] * count
    assert await writer.append(batch) == [KNOWN] * count
    assert await stored(log_stream) == count
    await writer.close()


@pytest.mark.integration
async def test_a_message_holds_the_bytes_received_and_says_where_they_came_from(
    nats_client: Client, log_stream: JetStreamContext
) -> None:
    writer = LogWriter(nats_client)
    batch = entries(20)
    await writer.append(batch)
    message = await log_stream.get_msg(log.STREAM, 7)
    assert message.subject == batch[6].subject
    assert message.data == batch[6].raw
    assert message.headers is not None
    assert message.headers[log.HEADER_RELAY] == "wss://relay.example"
    assert message.headers[log.HEADER_SOURCE] == "relay"


@pytest.mark.integration
async def test_new_events_among_known_ones_each_get_their_own_outcome(
    nats_client: Client, log_stream: JetStreamContext
) -> None:
    writer = LogWriter(nats_client)
    batch = entries(64)
    await writer.append(batch[::4])
    assert await writer.append(batch) == [KNOWN if n % 4 == 0 else NEW for n in range(64)]
    assert await stored(log_stream) == 64


@pytest.mark.integration
async def test_an_event_twice_in_one_batch_is_accepted_once(
    nats_client: Client, log_stream: JetStreamContext
) -> None:
    batch = entries(20)
    outcomes = await LogWriter(nats_client).append([*batch, batch[3], batch[3]])
    assert outcomes == [NEW] * 20 + [KNOWN] * 2
    assert await stored(log_stream) == 20


@pytest.mark.integration
async def test_two_writers_of_the_same_events_store_each_once(
    nats_client: Client, log_stream: JetStreamContext
) -> None:
    batch = entries(300)
    first, second = await asyncio.gather(
        LogWriter(nats_client).append(batch), LogWriter(nats_client).append(batch)
    )
    assert [{a, b} for a, b in zip(first, second, strict=True)] == [{NEW, KNOWN}] * 300
    assert await stored(log_stream) == 300


@pytest.mark.integration
async def test_a_stream_without_batches_takes_every_event_singly(nats_client: Client) -> None:
    js = nats_client.jetstream()
    await js.add_stream(name=log.STREAM, subjects=[log.SUBJECTS])
    writer = LogWriter(nats_client)
    assert await writer.append(entries(100)) == [NEW] * 100
    assert await writer.append(entries(100, 100)) == [NEW] * 100
    assert await stored(js) == 200


@pytest.mark.integration
@pytest.mark.parametrize("count", [1, 40])
async def test_a_missing_log_is_an_error_and_nothing_counts_as_stored(
    nats_client: Client, count: int
) -> None:
    with pytest.raises(LogUnavailable, match=f"did not take {count} events after 2 attempts"):
        await LogWriter(nats_client, HASTY).append(entries(count))


@pytest.mark.integration
async def test_a_full_log_is_an_error_that_names_the_reason(nats_client: Client) -> None:
    js = nats_client.jetstream()
    await js.add_stream(name=log.STREAM, subjects=[log.SUBJECTS], max_msgs=10, discard="new")
    with pytest.raises(LogUnavailable, match="maximum messages exceeded"):
        await LogWriter(nats_client, HASTY).append(entries(40))
    assert await stored(js) == 10


@pytest.mark.integration
async def test_an_event_that_the_log_will_never_take_fails_alone(nats_client: Client) -> None:
    js = nats_client.jetstream()
    await js.add_stream(name=log.STREAM, subjects=[log.SUBJECTS], max_msg_size=1_000)
    admission = Admission()
    large = admission.admit(raw(event("x" * 2_000)), Source.RELAY)
    outcomes = await LogWriter(nats_client, HASTY).append([*entries(20), *large])
    assert outcomes == [NEW] * 20 + [Outcome.FAILED]
