"""A small log in which every rule that could depend on order is at stake."""

from __future__ import annotations

from dvmdash.projector.message import LogMessage

from .made import NOW, event, hex_of, logged

INPUT = ["i", "the same words for both of them", "text"]


def awkward_messages() -> list[LogMessage]:
    """Return messages whose links, deletions, profiles and invoices need each other."""
    return logged(
        event("request", 5050, "customer", INPUT, at=NOW),
        event("other request", 5100, "customer", ["i", "https://example.com", "url"], at=NOW + 5),
        event("third request", 5050, "stranger", at=NOW + 6),
        # One `e`, right and wrong kind, and no request at all.
        event("result", 6050, "dvm", ["e", "@request"], ["p", "@customer"], at=NOW + 10),
        event("wrong kind", 6100, "dvm", ["e", "@request"], ["p", "@customer"], at=NOW + 10),
        event("about a result", 7000, "dvm", ["e", "@result"], ["status", "success"], at=NOW + 11),
        event("wrong customer", 6050, "second dvm", ["e", "@third request"], ["p", "@customer"], at=NOW + 12),
        # Several `e`: unseen for ever, a result, the fitting request.
        event("choice", 6100, "dvm", ["e", "@never"], ["e", "@result"], ["e", "@other request"], at=NOW + 13),
        event(
            "marked choice",
            7000,
            "dvm",
            ["e", "@other request"],
            ["e", "@request", "", "job"],
            ["p", "@customer"],
            ["status", "processing"],
            at=NOW + 14,
        ),
        event("all unseen", 7000, "dvm", ["e", "@never"], ["e", "@nobody"], ["status", "error"], at=NOW + 15),
        # An embedded request that differs from the `e`.
        (
            event("embedded", 6050, "dvm", ["e", "@other request"], ["p", "@stranger"], at=NOW + 16),
            "third request",
        ),
        event("partial", 6050, "dvm", ["request", f'{{"id":"{"ab" * 32}","kind":5050}}'], at=NOW + 17),
        # L6: one request of this input and customer until a second one arrives.
        event("orphan", 6050, "third dvm", INPUT, ["p", "@customer"], at=NOW + 20),
        event("lone request", 5001, "loner", ["i", "only once", "text"], at=NOW + 1),
        event("lone orphan", 6001, "third dvm", ["i", "only once", "text"], ["p", "@loner"], at=NOW + 21),
        event("twin request", 5050, "customer", INPUT, at=NOW + 2),
        # Deletions: of an own event, of another's, of a deletion, of what never comes.
        event("deletion", 5, "dvm", ["e", "@result"], ["e", "@request"], ["e", "@never"], at=NOW + 30),
        event("deletion of it", 5, "dvm", ["e", "@deletion"], at=NOW + 31),
        event("cancel", 5, "stranger", ["e", "@third request"], at=NOW + 32),
        # Versions of an announcement, two of them as old as each other, and their deletion by coordinate.
        event("announced", 31990, "dvm", ["d", "x"], ["k", "5050"], content='{"name":"old"}', at=NOW),
        event(
            "announced again", 31990, "dvm", ["d", "x"], ["k", "5050"], content='{"name":"new"}', at=NOW + 40
        ),
        event(
            "announced as late",
            31990,
            "dvm",
            ["d", "x"],
            ["k", "5100"],
            content='{"name":"twin"}',
            at=NOW + 40,
        ),
        event("withdrawn", 5, "dvm", ["a", f"31990:{hex_of('dvm')}:x"], at=NOW + 35),
        event("not mine", 5, "stranger", ["a", f"31990:{hex_of('dvm')}:x"], at=NOW + 50),
        # Profiles of one age and of another.
        event("profile", 0, "customer", content='{"name":"first"}', at=NOW),
        event("profile again", 0, "customer", content='{"name":"second"}', at=NOW),
        event("old profile", 0, "customer", content='{"name":"oldest"}', at=NOW - 9),
        # A nutzap for an answer.
        event(
            "nutzap",
            9321,
            "customer",
            ["e", "@result"],
            ["p", "@dvm"],
            ["u", "https://mint.example.com"],
            ["proof", '{"amount":4,"id":"1","secret":"s","C":"c"}'],
            at=NOW + 60,
        ),
    )
