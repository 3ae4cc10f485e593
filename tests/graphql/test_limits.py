from __future__ import annotations

from dataclasses import replace

import pytest
from graphql import GraphQLError, get_introspection_query

from dvmdash.graphql.errors import ApiError
from dvmdash.graphql.schema import is_ours_to_hide, make_schema
from dvmdash.graphql.settings import ApiSettings

from .asking import CountingContext, answer, ask, refusal, watch
from .world import World, feedback, invoice, request, result, unseen_id, zap


async def errors_of(document: str, settings: ApiSettings | None = None) -> list[str]:
    """Return what is said of a document that must not reach any resolver: there is no context for one."""
    result_ = await make_schema(settings).execute(document, context_value={})
    assert result_.data is None
    return [error.message for error in result_.errors or ()]


async def test_a_document_that_is_too_deep_is_refused_with_the_limit() -> None:
    (said,) = await errors_of(
        '{ job(id: "7") { graph { nodes { event { id } } } } }', ApiSettings(max_depth=3)
    )
    assert said == "'anonymous' exceeds maximum operation depth of 3"


async def test_fragments_do_not_hide_depth() -> None:
    document = """
    query Hidden { job(id: "7") { ...Drawn } }
    fragment Drawn on Job { graph { ...Parts } }
    fragment Parts on JobGraph { nodes { event { id } } }
    """
    (said,) = await errors_of(document, ApiSettings(max_depth=3))
    assert said == "'Hidden' exceeds maximum operation depth of 3"


async def test_too_many_aliases_are_refused_with_the_limit() -> None:
    document = "{" + " ".join(f"a{number}: status {{ log {{ messages }} }}" for number in range(16)) + "}"
    assert await errors_of(document) == ["16 aliases found. Allowed: 15"]


async def test_too_many_tokens_are_refused_with_the_limit() -> None:
    (said,) = await errors_of("{" + " kinds { kind }" * 600 + "}")
    assert "Document contains more than 2000 tokens. Parsing aborted." in said


async def test_fragments_that_contain_each_other_are_refused() -> None:
    document = "{ kinds { ...A } } fragment A on Kind { ...B } fragment B on Kind { ...A }"
    assert any("Cannot spread fragment" in each for each in await errors_of(document))


async def test_the_limits_hold_for_subscriptions_too() -> None:
    schema = make_schema(ApiSettings(max_depth=2))
    document = 'subscription { jobChanged(id: "7") { request { author { npub } } } }'
    stream = await schema.subscribe(document, context_value={})
    errors = [each async for each in stream] if hasattr(stream, "__aiter__") else [stream]
    assert "exceeds maximum operation depth of 2" in str(errors[0].errors)


async def test_tools_may_read_the_schema() -> None:
    found = await make_schema().execute(get_introspection_query(), context_value={})
    assert found.errors is None
    assert found.data is not None


def test_only_errors_that_are_meant_for_clients_are_shown() -> None:
    assert is_ours_to_hide(GraphQLError("x", original_error=RuntimeError("bolt://neo4j:secret@db")))
    assert is_ours_to_hide(GraphQLError("x", original_error=ValueError("x")))
    assert not is_ours_to_hide(GraphQLError("x", original_error=ApiError("x")))
    assert not is_ours_to_hide(GraphQLError("syntax"))


class Failing(CountingContext):
    """Fails at every query of the graph."""

    async def rows(self, name: str, **parameters: object) -> list[dict[str, object]]:
        raise RuntimeError("could not reach bolt://neo4j:hunter2@10.0.0.7")


@pytest.mark.integration
async def test_an_error_of_ours_is_masked_and_logged(
    context: CountingContext, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = Failing(driver=context.driver, nc=context.nc, notices=context.notices)
    assert await refusal(failing, "{ jobs { edges { cursor } } }") == "Unexpected error."
    logged = capsys.readouterr()
    assert "a request failed" in logged.out + logged.err
    assert "hunter2" in logged.out + logged.err


@pytest.mark.integration
async def test_an_error_of_ours_is_masked_in_a_subscription_too(
    context: CountingContext, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = Failing(driver=context.driver, nc=context.nc, notices=context.notices)
    document = "subscription Job($id: String!) { jobChanged(id: $id) { id } }"
    messages = [each async for each in watch(failing, document, id=unseen_id())]
    assert messages == [["Unexpected error."]]
    logged = capsys.readouterr()
    assert "hunter2" in logged.out + logged.err


@pytest.mark.integration
async def test_a_fault_of_the_client_is_told_and_neither_masked_nor_logged(
    context: CountingContext, capsys: pytest.CaptureFixture[str]
) -> None:
    nsec = "nsec1vl029mgpspedva04g90vltkh6fvh240zqtv9k0t9af8935ke9laqsnlfe5"
    said = await refusal(context, f'{{ job(id: "{nsec}") {{ id }} }}')
    assert said.startswith("this is a secret key: it is not looked up and not kept")
    assert await refusal(context, f'{{ entity(pubkey: "{nsec}") {{ __typename }} }}') == said.replace(
        "an event id: 64 hex digits, note1… or nevent1…", "a public key: 64 hex digits, npub1… or nprofile1…"
    )
    logged = capsys.readouterr()
    assert nsec[:12] not in said + logged.out + logged.err
    assert context.asked == []


STATEMENTS = {
    "{ status { counts { name } } }": ["counts", "read_checkpoint"],
    "{ kinds { kind } }": ["kinds_with_counts"],
    "{ jobs(first: 100) { edges { node { id customer { name } request { author { name } } } } } }": [
        "newest_jobs"
    ],
    "{ jobs(kind: 5100) { edges { node { id results } } } }": ["newest_jobs_of_kind"],
    'query { job(id: "JOB") { id graph { nodes { id event { author { name } } } edges { id } } } }': [
        "job_by_id",
        "job_graph",
    ],
    'query { event(id: "JOB") { event { author { name } } references { type event { author { name } } } } }': [
        "event_by_id",
        "event_references",
    ],
    """query { entity(pubkey: "WHO") {
        firstEventAt announcements { id author { name } } events(first: 100) { edges { node { author { name } } } }
    } }""": ["entity_announcements", "entity_by_pubkey", "entity_events"],
}


@pytest.mark.integration
async def test_the_number_of_statements_does_not_grow_with_the_graph(
    context: CountingContext, world: World
) -> None:
    first = request()
    await world.add(first)

    async def statements(document: str) -> list[str]:
        context.asked.clear()
        await ask(context, document.replace("JOB", first["id"]).replace("WHO", first["pubkey"]))
        return sorted(context.asked)

    few = {document: await statements(document) for document in STATEMENTS}
    bill = invoice()
    demand = feedback(first, "payment-required", bill=bill)
    await world.add(
        *(request(number) for number in range(1, 30)),
        *(feedback(first, after=number) for number in range(1, 30)),
        *(result(first), demand, zap(demand, bill)),
    )
    assert few == STATEMENTS
    assert {document: await statements(document) for document in STATEMENTS} == STATEMENTS


@pytest.mark.integration
async def test_counts_per_kind_are_served_again_for_a_while(context: CountingContext, world: World) -> None:
    context.settings = replace(context.settings, kinds_cache=3_600.0)
    await world.add(request())
    document = "{ kinds { kind requests } }"
    first = await ask(context, document)
    await world.add(request(1))
    assert await ask(context, document) == first
    assert context.asked.count("kinds_with_counts") == 1
    context.kinds_rows = None
    assert (await ask(context, document))["kinds"][0]["requests"] == 2


@pytest.mark.integration
async def test_a_misspelt_field_is_told_by_name(context: CountingContext) -> None:
    data, (said,) = await answer(context, "{ jbos { id } }")
    assert data is None
    assert said.startswith("Cannot query field 'jbos' on type 'Query'.")
