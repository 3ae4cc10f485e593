/** Asks the GraphQL API; every question is a typed document of documents.graphql. */
import type { DocumentTypeDecoration } from "@graphql-typed-document-node/core";
import { ApiError } from "./errors";

export type Document<Data, Variables> = DocumentTypeDecoration<Data, Variables>;

const TIMEOUT_MS = 20_000;

interface Answer<Data> {
  data?: Data | null;
  errors?: { message: string }[];
}

/**
 * Ask one question. Rejects with ApiError, or with the signal's AbortError when `signal` is aborted.
 * An answer with errors and no data is an error; one with both is taken for what it has.
 */
export async function ask<Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
): Promise<Data> {
  const response = await send(String(document), variables, signal);
  const answer = await readAnswer<Data>(response);
  if (answer.data !== null && answer.data !== undefined) return answer.data;
  const message = answer.errors?.map((error) => error.message).join("; ");
  throw new ApiError(
    response.status >= 500 ? "server" : troubleOf(response.status),
    message ?? "No data came back.",
  );
}

async function send(query: string, variables: unknown, signal: AbortSignal): Promise<Response> {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  try {
    return await fetch("/graphql", {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({ query, variables }),
      signal: AbortSignal.any([signal, timeout]),
    });
  } catch (thrown) {
    if (signal.aborted) throw thrown;
    throw new ApiError(
      "network",
      timeout.aborted ? "No answer within 20 seconds." : "No connection.",
    );
  }
}

async function readAnswer<Data>(response: Response): Promise<Answer<Data>> {
  try {
    return (await response.json()) as Answer<Data>;
  } catch (thrown) {
    if (thrown instanceof DOMException) throw thrown;
    throw new ApiError(
      troubleOf(response.status),
      `The server answered ${response.status} ${response.statusText}.`,
    );
  }
}

function troubleOf(status: number): ApiError["trouble"] {
  if (status === 429) return "refused";
  return status >= 500 ? "server" : "query";
}
