"""What happens in the network: single jobs, open markets, chains, providers that come and go."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import orjson

from .attempts import attempt
from .cast import Provider
from .requests import encrypted_request, pick_kind, request
from .scene import Moment, Scene
from .signing import Keys

ANNOUNCEMENT_KIND = 31990
_CHAIN = (5000, 5001, 5002)


def introductions(scene: Scene) -> Iterator[Moment]:
    """Tell how everybody introduces themselves: profiles (0) and announcements (31990, NIP-89)."""
    for customer in scene.cast.customers[:200]:
        yield _profile(scene, customer.keys, customer.name, "Asks for things.")
    for provider in scene.cast.providers:
        yield _profile(scene, provider.keys, provider.name, "Serves " + ", ".join(map(str, provider.kinds)))
        yield announcement(scene, provider)
        scene.wait(0.01, 0.05)


def announcement(scene: Scene, provider: Provider) -> Moment:
    """Return a provider's announcement, one for all its kinds."""
    about = {
        "name": provider.name,
        "about": "A made-up data vending machine.",
        "amount": "free" if not provider.price_msat else str(provider.price_msat // 1000),
        "encryptionSupported": True,
        "nip90Params": {},
    }
    tags = [["d", provider.keys.pubkey[:16]], *(["k", str(kind)] for kind in provider.kinds)]
    return scene.publish(provider.keys, ANNOUNCEMENT_KIND, tags, orjson.dumps(about).decode())


def restart(scene: Scene) -> Iterator[Moment]:
    """Tell how a provider goes offline, deleting its announcement (NIP-09), and comes back."""
    provider = scene.rng.choice(scene.cast.providers)
    before = announcement(scene, provider)
    yield before
    scene.wait(30.0, 300.0)
    address = f"{ANNOUNCEMENT_KIND}:{provider.keys.pubkey}:{provider.keys.pubkey[:16]}"
    yield scene.publish(
        provider.keys, 5, [["e", before.event["id"]], ["a", address], ["k", str(ANNOUNCEMENT_KIND)]]
    )
    scene.wait(30.0, 300.0)
    yield announcement(scene, provider)


def job(scene: Scene) -> Iterator[Moment]:
    """Tell one job: mostly aimed at one provider, sometimes open to all, encrypted or cancelled."""
    customer = scene.rng.choice(scene.cast.customers).keys
    kind = pick_kind(scene.rng)
    able = scene.cast.providers_of(kind)
    if not able:
        yield request(scene, customer, kind, None)
    elif scene.chance(0.18):
        yield from _secret_job(scene, customer, kind, able)
    elif scene.chance(0.3):
        yield from _open_job(scene, customer, kind, able)
    else:
        yield from _aimed_job(scene, customer, kind, scene.rng.choice(able))


def chain(scene: Scene) -> Iterator[Moment]:
    """Tell a chain: every job takes the one before as its input, until one fails (NIP-90 App. 1)."""
    customer = scene.rng.choice(scene.cast.customers).keys
    inputs: list[list[str]] = []
    for kind in _CHAIN[: scene.rng.randint(2, 3)]:
        able = scene.cast.providers_of(kind)
        if not able:
            return
        provider = scene.rng.choice(able)
        asked = request(scene, customer, kind, provider, inputs)
        yield asked
        if not (yield from attempt(scene, customer, provider, asked.event)):
            return
        inputs = [["i", asked.event["id"], "job"]]
        scene.wait(1.0, 10.0)


def _aimed_job(scene: Scene, customer: Keys, kind: int, provider: Provider) -> Iterator[Moment]:
    asked = request(scene, customer, kind, provider)
    yield asked
    delivered = yield from attempt(scene, customer, provider, asked.event)
    if not delivered and scene.chance(0.3):
        scene.wait(10.0, 60.0)
        yield scene.publish(customer, 5, [["e", asked.event["id"]], ["k", str(kind)]], "no longer needed")


def _secret_job(scene: Scene, customer: Keys, kind: int, able: tuple[Provider, ...]) -> Iterator[Moment]:
    provider = scene.rng.choice(able)
    asked = encrypted_request(scene, customer, kind, provider)
    yield asked
    yield from attempt(scene, customer, provider, asked.event)


def _open_job(scene: Scene, customer: Keys, kind: int, able: tuple[Provider, ...]) -> Iterator[Moment]:
    asked = request(scene, customer, kind, None)
    yield asked
    takers = scene.rng.sample(able, min(len(able), 3))
    yield from heapq.merge(
        *(attempt(scene.fork(), customer, taker, asked.event) for taker in takers), key=_time
    )


def _profile(scene: Scene, keys: Keys, name: str, about: str) -> Moment:
    text = {"name": name, "about": about, "lud16": f"{keys.pubkey[:12]}@wallet.example"}
    return scene.publish(keys, 0, [], orjson.dumps(text).decode())


def _time(moment: Moment) -> float:
    return moment.at
