"""A job as a tree of text: the request, under it its providers, under each what he sent and what was paid."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from rich.text import Text
from rich.tree import Tree

from dvmdash.nip90.previews import preview
from dvmdash.nip90.references import to_npub

Row = Mapping[str, Any]
LINE = 100
ANSWERS = {"RESULT_FOR", "FEEDBACK_FOR"}


@dataclass(frozen=True, slots=True)
class Job:
    """Rows of the queries job_by_id and job_graph."""

    request: dict[str, Any]
    customer: dict[str, Any] | None
    links: list[dict[str, Any]]


def job_tree(job: Job) -> Tree:
    """Return the tree, everything strangers wrote in it as plain text on one line."""
    tree = Tree(_request_line(job))
    by_provider: dict[str, dict[str, Row]] = defaultdict(dict)
    for link in job.links:
        if link["type"] in ANSWERS:
            answer = link["source"]
            by_provider[answer.get("pubkey", "")][answer["id"]] = answer
    names = {
        link["source"].get("pubkey", ""): link["source"]
        for link in job.links
        if link["type"] == "MAKES_EVENT"
    }
    for provider, answers in by_provider.items():
        branch = tree.add(_person(names.get(provider) or {"pubkey": provider}))
        for answer in sorted(answers.values(), key=lambda each: (each.get("created_at") or 0, each["id"])):
            _add_money(branch.add(_answer_line(answer, job.request)), answer, job.links)
    if not by_provider:
        tree.add(Text("no answer", style="dim"))
    _add_deletions(tree, job)
    return tree


def _request_line(job: Job) -> Text:
    request = job.request
    line = Text(f"request {request.get('kind', '?')} ", style="bold")
    line.append(_short(request["id"]), style="cyan")
    line.append(f" {_time(request.get('created_at'))} by ")
    line.append_text(_person(job.customer) if job.customer else Text("an unknown customer"))
    if request.get("encrypted"):
        line.append(" (encrypted)")
    shown = request.get("input") or request.get("content")
    return line.append(f"\n{preview(shown, LINE)}", style="dim") if shown else line


def _answer_line(answer: Row, request: Row) -> Text:
    kind = answer.get("kind")
    what = "feedback" if kind == 7000 else f"result {kind}"
    line = Text(f"{what} ")
    if answer.get("status"):
        line.append(f"{preview(str(answer['status']), 40)} ", style="bold")
    line.append(_short(answer["id"]), style="cyan")
    line.append(f" {_after(request.get('created_at'), answer.get('created_at'))}")
    if answer.get("amount_msat") is not None:
        line.append(f" asks {_sats(answer['amount_msat'])}", style="yellow")
    shown = answer.get("status_info") or answer.get("content")
    return line.append(f"\n{preview(shown, LINE)}", style="dim") if shown else line


def _add_money(branch: Tree, answer: Row, links: list[dict[str, Any]]) -> None:
    invoices = {
        link["target"]["id"]: link["target"]
        for link in links
        if link["type"] == "HAS_INVOICE" and link["source"].get("id") == answer["id"]
    }
    for invoice in invoices.values():
        below = branch.add(Text(f"invoice {_sats(invoice.get('amount_msat'))}", style="yellow"))
        for link in links:
            if link["type"] == "HAS_RECEIPT" and link["source"]["id"] == invoice["id"]:
                below.add(Text(f"receipt {_sats(link['target'].get('amount_msat'))}", style="green"))
    for link in links:
        if link["type"] == "PAYMENT_FOR" and link["target"].get("id") == answer["id"]:
            branch.add(Text(f"zap {_sats(link['source'].get('amount_msat'))}", style="green"))


def _add_deletions(tree: Tree, job: Job) -> None:
    for link in job.links:
        if link["type"] == "DELETES":
            tree.add(
                Text(f"deletion of {_short(link['target']['id'])} {_time(link['source'].get('created_at'))}")
            )


def _person(entity: Row) -> Text:
    pubkey = str(entity.get("pubkey", ""))
    name = entity.get("display_name") or entity.get("name")
    npub = to_npub(pubkey) if len(pubkey) == 64 else pubkey
    return Text(f"{preview(name, 40)} ({npub[:16]}…)" if name else f"{npub[:20]}…", style="magenta")


def _short(event_id: str) -> str:
    return event_id[:12]


def _time(at: int | None) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S") if at is not None else "not seen yet"


def _after(start: int | None, at: int | None) -> str:
    if start is None or at is None:
        return _time(at)
    return f"{at - start:+,} s"


def _sats(msat: int | None) -> str:
    return "of an unknown amount" if msat is None else f"{msat / 1000:,.3f}".rstrip("0").rstrip(".") + " sats"
