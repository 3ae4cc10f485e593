"""Money that leaves a trace: invoices, zap receipts (NIP-57) and nutzaps (NIP-61)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import orjson

from .cast import Provider
from .invoices import InvoiceTerms, encode_invoice
from .requests import RELAYS
from .scene import Moment, Scene
from .signing import Keys, SignedEvent, as_json, sign_event

MINT = "https://mint.example"


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice that a provider handed out, with the secret that proves its payment."""

    invoice: str
    amount_msat: int
    preimage: bytes


@dataclass(frozen=True, slots=True)
class Zap:
    """Who zaps whom over which event, in millisatoshi; an anonymous zap hides its payer."""

    payer: Keys
    payee: str
    about: str
    amount_msat: int
    comment: str = ""
    anonymous: bool = False


def write_bill(scene: Scene, provider: Provider) -> Bill:
    """Return an invoice over the provider's price, issued now."""
    preimage = scene.rng.randbytes(32)
    terms = InvoiceTerms(provider.price_msat, int(scene.now), preimage, description=provider.name)
    return Bill(encode_invoice(terms, provider.node.private), provider.price_msat, preimage)


def zap_receipt(scene: Scene, zap: Zap) -> Moment:
    """Return the receipt of a zap paid through its own invoice, as an LNURL server publishes it (9735)."""
    wish = as_json(_zap_request(scene, zap))
    preimage = scene.rng.randbytes(32)
    digest = hashlib.sha256(wish.encode()).digest()
    terms = InvoiceTerms(zap.amount_msat, int(scene.now), preimage, description_hash=digest)
    return _receipt(scene, zap, wish, encode_invoice(terms, scene.cast.zapper.private), preimage)


def bill_receipt(scene: Scene, zap: Zap, bill: Bill) -> Moment:
    """Return a receipt that carries the provider's own invoice, as DVMs with a zap wallet publish it."""
    return _receipt(scene, zap, as_json(_zap_request(scene, zap)), bill.invoice, bill.preimage)


def nutzap(scene: Scene, zap: Zap) -> Moment:
    """Return ecash locked to the payee (kind 9321); whole satoshi, in proofs of powers of two."""
    tags = [["proof", _proof(scene, zap.payee, amount)] for amount in _powers_of_two(zap.amount_msat // 1000)]
    tags += [["unit", "sat"], ["u", MINT], ["e", zap.about], ["k", "7000"], ["p", zap.payee]]
    return scene.publish(zap.payer, 9321, tags, zap.comment)


def _zap_request(scene: Scene, zap: Zap) -> SignedEvent:
    tags = [["relays", *RELAYS], ["amount", str(zap.amount_msat)], ["p", zap.payee], ["e", zap.about]]
    if zap.anonymous:
        tags.append(["anon"])
    return sign_event(zap.payer, int(scene.now), 9734, tags, zap.comment)


def _receipt(scene: Scene, zap: Zap, wish: str, invoice: str, preimage: bytes) -> Moment:
    tags = [["p", zap.payee], ["e", zap.about], ["bolt11", invoice], ["description", wish]]
    if scene.chance(0.5):
        tags.append(["preimage", preimage.hex()])
    if not zap.anonymous and scene.chance(0.5):
        tags.append(["P", zap.payer.pubkey])
    return scene.publish(scene.cast.zapper, 9735, tags)


def _proof(scene: Scene, payee: str, amount: int) -> str:
    rng = scene.rng
    lock = {"nonce": rng.randbytes(16).hex(), "data": "02" + payee}
    secret = orjson.dumps(["P2PK", lock]).decode()
    return orjson.dumps(
        {"amount": amount, "C": "02" + rng.randbytes(32).hex(), "id": "00ad268c4d1f5826", "secret": secret}
    ).decode()


def _powers_of_two(amount: int) -> list[int]:
    return [1 << place for place in range(amount.bit_length()) if amount >> place & 1]
