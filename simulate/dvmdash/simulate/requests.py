"""Job requests (kinds 5000-5999) as customers write them (NIP-90)."""

from __future__ import annotations

import base64
from random import Random

from . import words
from .cast import Provider
from .scene import Moment, Scene
from .signing import Keys

KIND_WEIGHTS = {5300: 30, 5050: 22, 5100: 16, 5002: 8, 5001: 7, 5000: 5, 5302: 5, 5303: 3, 5250: 3, 5202: 1}
"""How often each kind is asked for; the shares of real traffic, with the crawlers' 5300 toned down."""

RELAYS = ["wss://relay.example", "wss://nostr.example"]


def pick_kind(rng: Random) -> int:
    """Return a request kind, by weight."""
    return rng.choices(list(KIND_WEIGHTS), list(KIND_WEIGHTS.values()))[0]


def request(
    scene: Scene, author: Keys, kind: int, target: Provider | None, extra: list[list[str]] | None = None
) -> Moment:
    """Return a job request, in the clear; `extra` are tags put first (inputs from earlier jobs, parents)."""
    tags = [*(extra or []), *_inputs(scene, kind, chained=bool(extra)), *_wishes(scene, kind)]
    if target is not None:
        tags.append(["p", target.keys.pubkey])
    return scene.publish(author, kind, tags, "")


def encrypted_request(scene: Scene, author: Keys, kind: int, target: Provider) -> Moment:
    """Return a job request whose inputs only its provider can read."""
    tags = [["encrypted"], ["p", target.keys.pubkey], ["relays", *RELAYS]]
    return scene.publish(author, kind, tags, ciphertext(scene.rng))


def ciphertext(rng: Random, length: int = 160) -> str:
    """Return what an encrypted text looks like: base64 whose first byte is NIP-44's version 2."""
    return base64.b64encode(b"\x02" + rng.randbytes(length)).decode()


def _inputs(scene: Scene, kind: int, *, chained: bool) -> list[list[str]]:
    rng = scene.rng
    if chained or kind in (5300, 5303):
        return []
    if kind == 5000:
        return [["i", words.link(rng, "talk") + ".mp3", "url"]]
    if kind == 5202:
        return [["i", words.link(rng, "still") + ".png", "url"]]
    if kind == 5001:
        return [["i", words.answer(rng, 12), "text"]]
    if kind == 5100 and scene.chance(0.1):
        return [["i", words.prompt(rng), "prompt"]]
    return [["i", words.prompt(rng), "text"]]


def _wishes(scene: Scene, kind: int) -> list[list[str]]:
    rng = scene.rng
    tags: list[list[str]] = []
    if kind == 5300:
        tags.append(["param", "max_results", str(rng.choice((50, 100, 200)))])
    elif kind == 5002:
        tags.append(["param", "language", rng.choice(("de", "en", "es", "ja"))])
    elif kind == 5100:
        tags.append(["param", "size", rng.choice(("512x512", "1024x1024"))])
    else:
        tags.append(["param", "length", str(rng.randint(1, 9) * 100)])
    if scene.chance(0.12):
        tags.append(["relays", *RELAYS])
    if scene.chance(0.05):
        tags.append(["output", "text/plain"])
    if scene.chance(0.03):
        tags.append(["bid", str(rng.randint(1, 500) * 1000)])
    return tags
