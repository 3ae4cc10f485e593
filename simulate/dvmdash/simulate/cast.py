"""Who takes part: customers, providers with their habits, and the Lightning side behind both."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from random import Random

from . import words
from .signing import Keys, derive_keys


class Billing(StrEnum):
    """When a provider asks for money (NIP-90 leaves the moment open)."""

    FREE = "free"
    BEFORE = "before"
    AFTER = "after"


class AmountForm(StrEnum):
    """How a provider writes its `amount` tag (nip90.md 2.4)."""

    INVOICE = "invoice"
    BARE = "bare"
    UNDERSCORED = "underscored"
    LIGHTNING_URI = "lightning-uri"


@dataclass(frozen=True, slots=True)
class Provider:
    """A DVM and its habits; `price_msat` in millisatoshi, `seconds` the usual range of its working time."""

    keys: Keys
    node: Keys
    name: str
    kinds: tuple[int, ...]
    billing: Billing = Billing.FREE
    price_msat: int = 0
    seconds: tuple[float, float] = (0.6, 5.0)
    error_rate: float = 0.03
    silent_rate: float = 0.02
    amount_form: AmountForm = AmountForm.INVOICE
    embeds_request: bool = True
    repeats_customer: bool = False
    bare_tags: bool = False
    sends_partials: bool = False
    events_expire: bool = False
    hires_others: bool = False


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who asks for work."""

    keys: Keys
    name: str


@dataclass(frozen=True, slots=True)
class Cast:
    """Everybody in one made-up network; `zapper` signs zap receipts as an LNURL server does (NIP-57)."""

    customers: tuple[Customer, ...]
    providers: tuple[Provider, ...]
    zapper: Keys

    def providers_of(self, kind: int) -> tuple[Provider, ...]:
        """Return the providers that serve a request kind."""
        return tuple(provider for provider in self.providers if kind in provider.kinds)


# One row for each habit seen in the wild (nip90.md 2.2): what differs from the defaults.
_HABITS: tuple[Callable[..., Provider], ...] = (
    partial(Provider, kinds=(5300,), seconds=(0.2, 1.0), repeats_customer=True),
    partial(Provider, kinds=(5300, 5302), seconds=(0.3, 2.0)),
    partial(Provider, kinds=(5050,)),
    partial(Provider, kinds=(5050, 5001), bare_tags=True, embeds_request=False),
    partial(Provider, kinds=(5050,), sends_partials=True, seconds=(2.0, 9.0)),
    partial(
        Provider,
        kinds=(5100,),
        billing=Billing.BEFORE,
        price_msat=50_000,
        seconds=(5.0, 25.0),
        repeats_customer=True,
    ),
    partial(
        Provider,
        kinds=(5100,),
        billing=Billing.BEFORE,
        price_msat=100_000,
        amount_form=AmountForm.UNDERSCORED,
        seconds=(5.0, 40.0),
        events_expire=True,
        error_rate=0.2,
    ),
    partial(
        Provider,
        kinds=(5000, 5001),
        billing=Billing.BEFORE,
        price_msat=21_000,
        amount_form=AmountForm.LIGHTNING_URI,
    ),
    partial(Provider, kinds=(5002,), events_expire=True, repeats_customer=True),
    partial(Provider, kinds=(5002, 5001), billing=Billing.AFTER, price_msat=10_000, embeds_request=False),
    partial(
        Provider,
        kinds=(5250, 5050),
        billing=Billing.BEFORE,
        price_msat=5_000,
        amount_form=AmountForm.BARE,
    ),
    partial(
        Provider,
        kinds=(5202, 5100),
        billing=Billing.BEFORE,
        price_msat=250_000,
        error_rate=0.5,
        seconds=(10.0, 60.0),
    ),
    partial(Provider, kinds=(5303, 5302), embeds_request=False, seconds=(0.1, 0.8)),
    partial(Provider, kinds=(5000, 5050), silent_rate=1.0),
    partial(Provider, kinds=(5001, 5000), hires_others=True, seconds=(3.0, 8.0)),
)


def make_cast(seed: int, customers: int, providers: int) -> Cast:
    """Return the network of a seed: equal arguments give the same people with the same keys and habits."""
    rng = Random(f"cast {seed}")
    return Cast(
        customers=tuple(
            Customer(derive_keys(seed, f"customer {place}"), words.name(rng)) for place in range(customers)
        ),
        providers=tuple(_providers(seed, rng, providers)),
        zapper=derive_keys(seed, "zapper"),
    )


def _providers(seed: int, rng: Random, count: int) -> Iterator[Provider]:
    for place in range(count):
        yield _HABITS[place % len(_HABITS)](
            keys=derive_keys(seed, f"provider {place}"),
            node=derive_keys(seed, f"node {place}"),
            name=f"{words.name(rng)} DVM",
        )
