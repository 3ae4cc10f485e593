"""One provider at work on one request: what it says, what it asks for, whether it delivers."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeAlias

from .answers import amount_tag, feedback, is_encrypted, result
from .cast import AmountForm, Billing, Provider
from .money import Bill, Zap, bill_receipt, nutzap, write_bill, zap_receipt
from .requests import request
from .scene import Moment, Scene
from .signing import Keys, SignedEvent, derive_keys

Story: TypeAlias = Generator[Moment, None, bool]
"""Moments in time order; returns whether the work was delivered."""


def attempt(scene: Scene, customer: Keys, provider: Provider, job: SignedEvent) -> Story:
    """Tell how a provider serves a request, from the scene's now on."""
    if scene.chance(provider.silent_rate):
        return False
    scene.wait(0.2, 1.5)
    paid = 0
    if provider.billing is Billing.BEFORE and not is_encrypted(job):
        paid = yield from _ask_for_money(scene, customer, provider, job)
        if not paid:
            return False
    yield feedback(scene, provider, job, "processing")
    if provider.hires_others:
        yield from _hire(scene, provider, job)
    scene.wait(*provider.seconds)
    if scene.chance(provider.error_rate):
        yield from _fail(scene, customer, provider, job, paid)
        return False
    yield from _deliver(scene, customer, provider, job)
    return True


def _ask_for_money(
    scene: Scene, customer: Keys, provider: Provider, job: SignedEvent
) -> Generator[Moment, None, int]:
    bill = write_bill(scene, provider)
    asked = feedback(scene, provider, job, "payment-required", amount=amount_tag(provider, bill.invoice))
    yield asked
    if scene.chance(0.25):
        return 0
    scene.wait(2.0, 20.0)
    yield from _pay(scene, customer, provider, asked.event, bill)
    scene.wait(0.3, 2.0)
    return provider.price_msat


def _pay(
    scene: Scene, customer: Keys, provider: Provider, asked: SignedEvent, bill: Bill
) -> Generator[Moment, None, None]:
    zap = Zap(customer, provider.keys.pubkey, asked["id"], provider.price_msat)
    way = scene.rng.random()
    if way < 0.35:
        yield zap_receipt(scene, zap)
    elif way < 0.6 and provider.amount_form is AmountForm.INVOICE:
        yield bill_receipt(scene, zap, bill)
    elif way < 0.75:
        yield nutzap(scene, zap)
    elif way < 0.82:
        throwaway = derive_keys(scene.rng.getrandbits(60), "throw-away")
        yield zap_receipt(scene, Zap(throwaway, zap.payee, zap.about, zap.amount_msat, anonymous=True))
    # Otherwise the invoice is paid straight over Lightning, which leaves no trace on Nostr.


def _hire(scene: Scene, provider: Provider, job: SignedEvent) -> Generator[Moment, None, None]:
    others = [
        other for other in scene.cast.providers_of(5050) if other is not provider and not other.hires_others
    ]
    if not others:
        return
    other = scene.rng.choice(others)
    child = request(
        scene, provider.keys, 5050, other, [["e", job["id"]], ["i", "Help with " + job["id"][:8], "text"]]
    )
    yield child
    yield from attempt(scene, provider.keys, other, child.event)


def _fail(
    scene: Scene, customer: Keys, provider: Provider, job: SignedEvent, paid: int
) -> Generator[Moment, None, None]:
    yield feedback(scene, provider, job, "error", text="Could not finish: the model is out of memory.")
    if paid and scene.chance(0.5):
        scene.wait(5.0, 60.0)
        yield zap_receipt(
            scene, Zap(provider.keys, customer.pubkey, job["id"], paid, "Couldn't finish job, returning sats")
        )


def _deliver(
    scene: Scene, customer: Keys, provider: Provider, job: SignedEvent
) -> Generator[Moment, None, None]:
    if provider.sends_partials:
        yield feedback(scene, provider, job, "partial", text="It begins slower than expected.")
        scene.wait(0.5, 3.0)
    if provider.billing is not Billing.AFTER or is_encrypted(job):
        yield result(scene, provider, job)
        return
    bill = write_bill(scene, provider)
    delivered = result(scene, provider, job, amount_tag(provider, bill.invoice))
    yield delivered
    if scene.chance(0.6):
        scene.wait(3.0, 30.0)
        yield from _pay(scene, customer, provider, delivered.event, bill)
