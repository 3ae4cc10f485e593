"""What can go wrong while making up traffic."""

from __future__ import annotations


class SimulateError(Exception):
    """Made-up traffic could not be produced or played."""


class UnencodableAmount(SimulateError):
    """An amount in millisatoshi is negative or larger than every bitcoin there will be."""


class RelayUnavailable(SimulateError):
    """A relay did not answer, or answered something that is not NIP-01."""
