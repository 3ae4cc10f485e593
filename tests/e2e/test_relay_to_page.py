"""From a publish on a relay to the changed page in a browser, through every part of the real thing."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from dvmdash.simulate.publisher import publisher
from dvmdash.simulate.relay import local_relay, relay_url
from dvmdash.simulate.signing import SignedEvent, derive_keys, sign_event

from .running_up import RunningUp

pytestmark = [pytest.mark.integration, pytest.mark.browser]

CHROMIUM = Path(os.environ.get("DVMDASH_TEST_CHROMIUM", "/usr/bin/chromium"))
PATIENCE_MS = 60_000
CUSTOMER, PROVIDER = derive_keys(1, "customer"), derive_keys(1, "provider")


class RelayThread:
    """A relay in a thread of its own, so that the test can drive the browser meanwhile."""

    def __init__(self) -> None:
        self._ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._ready.wait(20)

    async def _run(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stop = asyncio.Event()
        async with local_relay() as relay:
            self.url = await relay_url(relay)
            self._ready.set()
            await self._stop.wait()

    def publish(self, event: SignedEvent) -> None:
        """Publish an event and wait until the relay has taken it."""

        async def send() -> bool:
            async with publisher(self.url) as connection:
                return await connection.publish(event)

        assert asyncio.run_coroutine_threadsafe(send(), self._loop).result(20)

    def stop(self) -> None:
        """End the relay."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)


@pytest.fixture
def page() -> Iterator[Page]:
    """A page of Debian's Chromium, or of the one named by the environment."""
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}; name one in DVMDASH_TEST_CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page()
        browser.close()


def test_what_is_published_on_a_relay_shows_up_on_the_open_page(page: Page, tmp_path: Path) -> None:
    expect.set_options(timeout=PATIENCE_MS)
    relay = RelayThread()
    up = RunningUp(tmp_path / "data", "--relay", relay.url)
    now = int(time.time())
    request = sign_event(CUSTOMER, now, 5050, [["i", "What is a lighthouse for?", "text"]])
    named = [["e", request["id"]], ["p", CUSTOMER.pubkey]]
    feedback = sign_event(PROVIDER, now + 1, 7000, [["status", "processing"], *named])
    result = sign_event(PROVIDER, now + 2, 6050, named, "It shows ships where the rocks are.")
    try:
        page.goto(f"{up.endpoints()['web']}/job/{request['id']}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        relay.publish(request)
        expect(page.locator("main tbody tr")).to_have_count(1)
        relay.publish(feedback)
        expect(page.locator("main tbody tr")).to_have_count(2)
        relay.publish(result)
        expect(page.locator("main tbody tr")).to_have_count(3)
        expect(page.locator("main")).to_contain_text("It shows ships where the rocks are.")
        status = up.status()
    finally:
        up.stop()
        relay.stop()

    assert status is not None
    seen = [row for collector in status["collectors"] for row in collector["relays"]]
    assert [row["url"].rstrip("/") for row in seen] == [relay.url.rstrip("/")]
    assert seen[0]["events"] - seen[0]["duplicates"] == 3
