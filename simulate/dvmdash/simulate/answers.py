"""Feedback (7000) and results (6000-6999) as providers write them (NIP-90, nip90.md 2.2)."""

from __future__ import annotations

import orjson

from . import words
from .cast import AmountForm, Provider
from .requests import ciphertext
from .scene import Moment, Scene
from .signing import SignedEvent, as_json

FEEDBACK_KIND = 7000
EXPIRES_AFTER = 600


def is_encrypted(job: SignedEvent) -> bool:
    """Whether a request asks for secrecy, which its answers then keep."""
    return ["encrypted"] in job["tags"]


def feedback(
    scene: Scene,
    provider: Provider,
    job: SignedEvent,
    status: str,
    *,
    amount: list[str] | None = None,
    text: str = "",
) -> Moment:
    """Return a feedback event; of an encrypted job the status is hidden, as in the wild."""
    if is_encrypted(job):
        return scene.publish(provider.keys, FEEDBACK_KIND, _veiled(job), ciphertext(scene.rng, 64))
    tags = [["e", job["id"]], ["status", status]]
    if not provider.bare_tags:
        tags += [["p", job["pubkey"]], ["alt", f"NIP-90 feedback: {status}"]]
    if amount is not None:
        tags.append(amount)
    return scene.publish(provider.keys, FEEDBACK_KIND, tags + _expiration(scene, provider), text)


def result(scene: Scene, provider: Provider, job: SignedEvent, amount: list[str] | None = None) -> Moment:
    """Return a job result, its kind the request's plus 1000."""
    kind = job["kind"] + 1000
    if is_encrypted(job):
        return scene.publish(provider.keys, kind, _veiled(job), ciphertext(scene.rng, 320))
    tags = [["request", as_json(job)]] if provider.embeds_request else []
    tags += [["e", job["id"]], ["p", job["pubkey"]]]
    if not provider.bare_tags:
        tags += [["status", "success"], *(tag for tag in job["tags"] if tag[0] == "i")]
    if amount is not None:
        tags.append(amount)
    if provider.repeats_customer:
        tags.append(["p", job["pubkey"]])
    return scene.publish(
        provider.keys, kind, tags + _expiration(scene, provider), _output(scene, job["kind"])
    )


def amount_tag(provider: Provider, invoice: str) -> list[str]:
    """Return the `amount` tag as this provider writes it, in millisatoshi."""
    price = str(provider.price_msat)
    match provider.amount_form:
        case AmountForm.INVOICE:
            return ["amount", price, invoice]
        case AmountForm.LIGHTNING_URI:
            return ["amount", price, f"lightning:{invoice}"]
        case AmountForm.UNDERSCORED:
            return ["amount", f"{provider.price_msat:_}", "tips@wallet.example"]
        case AmountForm.BARE:
            return ["amount", price]


def _veiled(job: SignedEvent) -> list[list[str]]:
    return [["encrypted"], ["p", job["pubkey"]], ["e", job["id"]]]


def _expiration(scene: Scene, provider: Provider) -> list[list[str]]:
    if provider.events_expire and scene.expirations:
        return [["expiration", str(int(scene.now) + EXPIRES_AFTER)]]
    return []


def _output(scene: Scene, kind: int) -> str:
    rng = scene.rng
    if kind in (5300, 5302, 5303):
        letter = "p" if kind == 5303 else "e"
        return orjson.dumps([[letter, rng.randbytes(32).hex()] for _ in range(rng.randint(1, 6))]).decode()
    if kind in (5100, 5202, 5250):
        return words.link(rng, "out") + {5100: ".png", 5202: ".mp4", 5250: ".mp3"}[kind]
    return words.answer(rng, rng.randint(2, 10))
