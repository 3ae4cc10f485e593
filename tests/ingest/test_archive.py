from __future__ import annotations

import gzip
import io
import sys
from pathlib import Path
from typing import Any

import orjson
import pytest
import zstandard
from nats.aio.client import Client
from nats.js import JetStreamContext

from dvmdash.ingest.archive import ImportSummary, import_files
from dvmdash.ingest.settings import ImportSettings
from dvmdash.nip90 import log
from dvmdash.nip90.errors import Refusal

from .signing import event, raw, result_carrying

pytestmark = pytest.mark.integration
REAL_EVENTS = Path(__file__).parents[1] / "data" / "real.jsonl"


def write(path: Path, texts: list[bytes]) -> str:
    path.write_bytes(b"\n".join(texts) + b"\n")
    return str(path)


async def stored(js: JetStreamContext) -> int:
    return (await js.stream_info(log.STREAM)).state.messages


async def test_real_events_are_accepted_or_refused_and_a_second_import_changes_nothing(
    nats_client: Client, log_stream: JetStreamContext
) -> None:
    first = await import_files(nats_client, [str(REAL_EVENTS)])
    assert first.read == 372
    assert first.accepted + first.duplicates + first.refused.total() == 372
    assert set(first.refused) == {Refusal.UNWANTED_KIND}
    assert first.errors == []
    assert await stored(log_stream) == first.accepted + first.embedded
    second = await import_files(nats_client, [str(REAL_EVENTS)])
    assert (second.accepted, second.embedded) == (0, 0)
    assert second.refused == first.refused
    assert await stored(log_stream) == first.accepted + first.embedded


@pytest.mark.parametrize("form", ["lines", "array", "gzip", "zstd", "stdin"])
async def test_every_form_of_archive_gives_the_same(
    nats_client: Client,
    log_stream: JetStreamContext,
    form: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    events = [event(str(number)) for number in range(60)]
    lines = b"".join(raw(one) + b"\n" for one in events)
    forms: dict[str, bytes] = {
        "lines": lines,
        "array": orjson.dumps(events, option=orjson.OPT_INDENT_2),
        "gzip": gzip.compress(lines),
        "zstd": zstandard.compress(lines),
        "stdin": lines,
    }
    name = str(tmp_path / "archive")
    (tmp_path / "archive").write_bytes(forms[form])
    if form == "stdin":
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(forms[form])))
        name = "-"
    summary = await import_files(nats_client, [name], settings=ImportSettings(batch_events=25))
    assert (summary.read, summary.accepted, summary.refused.total()) == (60, 60, 0)
    assert summary.bytes_done == len(forms[form])
    assert await stored(log_stream) == 60


async def test_refusals_are_counted_described_and_kept(
    nats_client: Client, log_stream: JetStreamContext, tmp_path: Path
) -> None:
    good: Any = event("good")
    texts = [raw(good), b"{broken", raw({**good, "sig": "0" * 128}), b"x" * 200_000, raw(event("also good"))]
    name = write(tmp_path / "events.jsonl", texts)
    summary = await import_files(nats_client, [name])
    assert (summary.read, summary.accepted) == (5, 2)
    assert summary.refused == {Refusal.BAD_JSON: 1, Refusal.WRONG_SIGNATURE: 1, Refusal.TOO_LARGE: 1}
    assert [text.split(": ")[1] for text in summary.first_refusals] == [
        "bad-json",
        "wrong-signature",
        "too-large",
    ]
    assert summary.first_refusals[0].startswith(f"{name}, line 2: ")
    await nats_client.flush()
    kept = await log_stream.get_last_msg(log.REFUSED_STREAM, "dvm.refused.bad-json")
    assert kept.data is not None
    body = orjson.loads(kept.data)
    assert (body["reason"], body["text"], body["source"]) == ("bad-json", "{broken", "import")
    assert body["place"] == f"{name}, line 2"


async def test_requests_inside_results_are_logged_once_with_the_result_vouching_for_them(
    nats_client: Client, log_stream: JetStreamContext, tmp_path: Path
) -> None:
    request = event("prompt")
    results = [result_carrying(request, at=1_760_000_000 + n) for n in range(3)]
    summary = await import_files(nats_client, [write(tmp_path / "a", [raw(one) for one in results])])
    assert (summary.read, summary.accepted, summary.embedded) == (3, 3, 1)
    assert await stored(log_stream) == 4
    found = await log_stream.get_last_msg(log.STREAM, log.subject(5050, request["id"]))
    assert found.data == raw(request)
    assert found.headers is not None
    assert found.headers[log.HEADER_SOURCE] == "embedded"
    vouching = await log_stream.get_last_msg(log.STREAM, log.subject(6050, results[1]["id"]))
    assert vouching.headers is not None
    assert vouching.headers[log.HEADER_REQUEST] == request["id"]


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
async def test_what_stands_before_a_break_is_kept_and_the_other_files_are_read(
    nats_client: Client, log_stream: JetStreamContext, tmp_path: Path, pack: Any
) -> None:
    events = [raw(event(str(number))) for number in range(2_000)]
    whole = pack(b"\n".join(events))
    broken = tmp_path / "broken"
    broken.write_bytes(whole[: len(whole) * 3 // 4])
    other = write(tmp_path / "other", [raw(event("other"))])
    missing = str(tmp_path / "missing")
    summary = await import_files(nats_client, [missing, str(broken), other])
    assert len(summary.errors) == 2
    assert summary.errors[0].startswith(f"{missing}: cannot be opened")
    assert "too early" in summary.errors[1]
    assert ", line " in summary.errors[1]
    assert 500 < summary.accepted < 2_001
    assert await stored(log_stream) == summary.accepted


async def test_progress_is_told_after_each_batch(
    nats_client: Client, log_stream: JetStreamContext, tmp_path: Path
) -> None:
    name = write(tmp_path / "events", [raw(event(str(number))) for number in range(50)])
    seen: list[int] = []

    def note(summary: ImportSummary) -> None:
        seen.append(summary.read)

    settings = ImportSettings(batch_events=20)
    await import_files(nats_client, [name], settings=settings, on_progress=note)
    assert seen == [20, 40, 50]
