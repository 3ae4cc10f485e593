"""Asks the questions of the first pages once the process serves, so that its first visitor does not wait for them.

A database that has just started plans and interprets every query; without this the first job page takes seconds.
"""

from __future__ import annotations

import asyncio

import strawberry
import structlog

from dvmdash.graphql.context import ApiContext

log = structlog.get_logger()

PAUSE_SECONDS = 0.05

NEWEST = """
{ status { counts { name value } projector { lag checkpoint } }
  jobs(first: 20) { edges { node { id results feedbacks providers lastStatus request { kind createdAt } } } } }
"""
JOB = """
query ($id: String!) {
  job(id: $id) { id graph { nodes { id type role label } edges { id type source target rule } } }
  event(id: $id) { jobId references { type event { id } } }
}
"""
UNKNOWN = "0" * 64


async def warm_up(schema: strawberry.Schema, context: ApiContext, rounds: int) -> None:
    """Ask for the newest jobs and for one of them, again and again; what fails is somebody's first visit to tell."""
    for number in range(rounds):
        newest = await schema.execute(NEWEST, context_value={"api": context})
        edges = newest.data["jobs"]["edges"] if newest.data else []
        job = edges[number % len(edges)]["node"]["id"] if edges else UNKNOWN
        answer = await schema.execute(JOB, variable_values={"id": job}, context_value={"api": context})
        if newest.errors or answer.errors:
            return
        await asyncio.sleep(PAUSE_SECONDS)
    log.info("warmed up", questions=2 * rounds)
