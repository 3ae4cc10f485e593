"""A relay in a process of its own: prints its URL, then serves until SIGTERM."""

from __future__ import annotations

import asyncio
import signal

from dvmdash.simulate.relay import local_relay, relay_url


async def main() -> None:
    """Serve until told to stop."""
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with local_relay() as relay:
        print(await relay_url(relay), flush=True)
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(main())
