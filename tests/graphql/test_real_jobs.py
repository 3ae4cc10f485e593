"""Two real jobs, node by node and edge by edge."""

from __future__ import annotations

from typing import Any

import pytest

from .asking import CountingContext, ask

pytestmark = pytest.mark.integration

DOCUMENT = """
query Job($id: String!) {
  job(id: $id) {
    id results feedbacks providers lastStatus lastEventAt
    graph { truncated nodes { id type role label invoice { amountMsat } } edges { type source target rule } }
  }
}
"""

SCAN = "bf0ca16e684bece037353f8feff1cab5fe394e3b2e833b40503635965f2b1fa3"
"""A malware scan of 2024: one provider, feedback, and a result that carries an invoice over one satoshi."""
SCAN_FEEDBACK = "49a821caee9db25e895563acb2909c2cd3df2c33dab4eb7357adf823ee980353"
SCAN_RESULT = "ffbbecd23ed4cd0ea376eac1110a7ffe9f3de1323202ff875e99757d51845a28"
SCAN_INVOICE = "360a7fb8dd67512d4a6c665ff8849035d5082cd658ecc48dc5d8620863f59c7a"
SCAN_CUSTOMER = "175ea57e08440531949fe5a0af732fd6b31002adc54e5999f44b3cde9244c0f6"
SCAN_PROVIDER = "68a95f59b835ddcdbf87bc1c5f78e3b323939a0d84bb1f75d2060626bb738083"

COUNT = "320e769df1083a8ec5224f29a3da0c02ab8b27cb6a258a283e49b510cf077ee1"
"""A request of 2024 that two providers answered, one with feedback and one with the result."""
COUNT_FEEDBACK = "905fcfb1f99954719a06183469c081a7f59ba6e503ef237b75b7cc77aede9045"
COUNT_RESULT = "6cc181ee8f577f81a8e89d3edb991e605daf29c5022784bb32a3ad6ef029aa26"
COUNT_CUSTOMER = "da18e9860040f3bf493876fc16b1a912ae5a6f6fa8d5159c3de2b8233a0d9851"
COUNT_FIRST = "4f183752147245a06d9ac8e46d68812e49cf95f7a87fc457aa039292f13454ae"
COUNT_SECOND = "9184c278ca84df439795760690919f3072bba0649a6d88b7c45b6c5685960d6d"

UNSEEN = "656d5715767ebf9cadabb61c7a80a3fd0c73960f80c049d8e1d663692c0d120c"
"""A request that only a demand for payment tells of."""


def nodes(job: Any) -> set[tuple[str, str, str]]:
    return {(node["id"], node["type"], node["role"]) for node in job["graph"]["nodes"]}


def edges(job: Any) -> set[tuple[str, str, str, str | None]]:
    found = [(edge["type"], edge["source"], edge["target"], edge["rule"]) for edge in job["graph"]["edges"]]
    assert len(set(found)) == len(found)
    return set(found)


async def test_a_job_with_an_invoice(real_world: CountingContext) -> None:
    job = (await ask(real_world, DOCUMENT, id=SCAN))["job"]
    assert (job["results"], job["feedbacks"], job["providers"], job["lastStatus"]) == (1, 1, 1, "success")
    assert job["lastEventAt"] == "2024-01-23T08:51:35Z"
    assert nodes(job) == {
        (SCAN, "EVENT", "request"),
        (SCAN_FEEDBACK, "EVENT", "feedback"),
        (SCAN_RESULT, "EVENT", "result"),
        (SCAN_INVOICE, "INVOICE", "invoice"),
        (SCAN_CUSTOMER, "ENTITY", "user"),
        (SCAN_PROVIDER, "ENTITY", "dvm"),
    }
    assert edges(job) == {
        ("MAKES_EVENT", SCAN_CUSTOMER, SCAN, None),
        ("MAKES_EVENT", SCAN_PROVIDER, SCAN_FEEDBACK, None),
        ("MAKES_EVENT", SCAN_PROVIDER, SCAN_RESULT, None),
        ("FEEDBACK_FOR", SCAN_FEEDBACK, SCAN, "L2"),
        ("RESULT_FOR", SCAN_RESULT, SCAN, "L2"),
        ("HAS_INVOICE", SCAN_RESULT, SCAN_INVOICE, None),
    }
    (invoice,) = (node for node in job["graph"]["nodes"] if node["type"] == "INVOICE")
    assert invoice["invoice"]["amountMsat"] == "1000"


async def test_a_job_with_two_providers(real_world: CountingContext) -> None:
    job = (await ask(real_world, DOCUMENT, id=COUNT_FEEDBACK))["job"]
    assert job["id"] == COUNT
    assert (job["results"], job["feedbacks"], job["providers"], job["lastStatus"]) == (1, 1, 2, "processing")
    assert nodes(job) == {
        (COUNT, "EVENT", "request"),
        (COUNT_FEEDBACK, "EVENT", "feedback"),
        (COUNT_RESULT, "EVENT", "result"),
        (COUNT_CUSTOMER, "ENTITY", "user"),
        (COUNT_FIRST, "ENTITY", "dvm"),
        (COUNT_SECOND, "ENTITY", "dvm"),
    }
    assert edges(job) == {
        ("MAKES_EVENT", COUNT_CUSTOMER, COUNT, None),
        ("MAKES_EVENT", COUNT_FIRST, COUNT_FEEDBACK, None),
        ("MAKES_EVENT", COUNT_SECOND, COUNT_RESULT, None),
        ("FEEDBACK_FOR", COUNT_FEEDBACK, COUNT, "L2"),
        ("RESULT_FOR", COUNT_RESULT, COUNT, "L2"),
    }


async def test_a_job_whose_request_was_never_seen(real_world: CountingContext) -> None:
    job = (await ask(real_world, DOCUMENT, id=UNSEEN))["job"]
    assert (job["id"], job["feedbacks"], job["lastStatus"]) == (UNSEEN, 1, "payment-required")
    assert (UNSEEN, "EVENT", "stub") in nodes(job)
    assert {"FEEDBACK_FOR", "HAS_INVOICE", "MAKES_EVENT"} == {edge[0] for edge in edges(job)}


async def test_the_counts_are_those_of_the_file(real_world: CountingContext) -> None:
    data = await ask(real_world, "{ status { counts { name value } } }")
    counts = {each["name"]: each["value"] for each in data["status"]["counts"]}
    assert counts["events"] == 372
    assert {name: counts[name] for name in ("requests", "feedback", "receipts", "deletions")} == {
        "requests": 53,
        "feedback": 20,
        "receipts": 36,
        "deletions": 128,
    }
