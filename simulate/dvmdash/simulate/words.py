"""Made-up texts: prompts, answers, names. Every text says nothing about anyone real."""

from __future__ import annotations

from random import Random

_SUBJECTS = (
    "a lighthouse in the fog",
    "the history of paper maps",
    "how bees decide where to live",
    "a train that only runs on Tuesdays",
    "keeping a sourdough starter alive",
    "why the sea is salty",
    "une lettre à l’hiver",
    "量子计算 for beginners",
    "a recipe for lentil soup 🍲",
    "the sound of an empty library",
    "moss, lichens and patience",
    "ten knots every sailor forgets",
)
_VERBS = ("Explain", "Summarise", "Paint", "Describe", "Translate", "Collect notes on", "Write a poem about")
_SENTENCES = (
    "It begins slower than expected.",
    "Most of what is known was written down twice.",
    "There are three reasons, and the second matters most.",
    "Nobody had asked before, so nobody had answered.",
    "In short: yes, but not on weekdays.",
    "The rest follows from patience & a good <map>.",
    "Numbers help: 3, 7 and 42.",
    "Das Ende ist offen.",
)
_FIRST = ("amber", "quiet", "copper", "distant", "gentle", "hollow", "ivory", "lucky", "northern", "velvet")
_SECOND = ("otter", "harbor", "lantern", "meadow", "orbit", "pigeon", "quarry", "thicket", "walnut", "zephyr")


def name(rng: Random) -> str:
    """Return a two-word name."""
    return f"{rng.choice(_FIRST)} {rng.choice(_SECOND)}"


def prompt(rng: Random) -> str:
    """Return what a customer asks for."""
    return f"{rng.choice(_VERBS)} {rng.choice(_SUBJECTS)}"


def answer(rng: Random, sentences: int = 4) -> str:
    """Return what a provider delivers."""
    return " ".join(rng.choice(_SENTENCES) for _ in range(sentences))


def link(rng: Random, folder: str) -> str:
    """Return an address under a domain that never resolves (RFC 2606)."""
    return f"https://media.example/{folder}/{rng.randbytes(8).hex()}"
