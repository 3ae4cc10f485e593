"""Fixtures for tests that need a relay; a conftest imports the ones it wants."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import TypeAlias

import pytest_asyncio
from scripted_relay import Script, ScriptedRelay

from dvmdash.simulate.relay import local_relay, relay_url

StartRelay: TypeAlias = Callable[[Script], Awaitable[ScriptedRelay]]


@pytest_asyncio.fixture
async def local_relay_url() -> AsyncIterator[str]:
    """The address of a real relay in this process; empty at first, gone after the test."""
    async with local_relay() as relay:
        yield await relay_url(relay)


@pytest_asyncio.fixture
async def start_scripted_relay() -> AsyncIterator[StartRelay]:
    """A function that starts a ScriptedRelay; all are stopped after the test."""
    async with AsyncExitStack() as running:

        async def start(script: Script) -> ScriptedRelay:
            return await running.enter_async_context(ScriptedRelay(script))

        yield start
