/** The one WebSocket to the API (graphql-transport-ws), opened when something subscribes. */
import { createClient, type Client } from "graphql-ws";
import type { Document } from "./client";

export type Connection = "connecting" | "open" | "closed";

const PING_MS = 10_000;
const PONG_MS = 5_000;
const LONGEST_WAIT_MS = 30_000;

/** Open the client; `onChange` hears of the connection, also of one that died without a word. */
export function openSocket(onChange: (connection: Connection) => void): Client {
  let deadline: ReturnType<typeof setTimeout> | undefined;
  const client = createClient({
    url: `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/graphql`,
    lazy: true,
    keepAlive: PING_MS,
    retryAttempts: Infinity,
    shouldRetry: () => true,
    retryWait: (retries) => wait(backoff(retries, Math.random())),
    on: {
      connecting: () => onChange("connecting"),
      connected: () => onChange("open"),
      closed: () => onChange("closed"),
      ping: (received) => {
        // An orderly close would wait for the very peer that does not answer.
        if (!received) deadline = setTimeout(() => client.terminate(), PONG_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(deadline);
      },
    },
  });
  return client;
}

/** Milliseconds before the next attempt: doubling from one second to half a minute, with jitter (0–1). */
export function backoff(retries: number, jitter: number): number {
  const base = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** Math.min(retries, 10));
  return base * (0.5 + jitter / 2);
}

/** Subscribe until the returned function is called. A stream the server ends is taken up again by `onEnd`. */
export function subscribe<Data, Variables extends Record<string, unknown>>(
  client: Client,
  document: Document<Data, Variables>,
  variables: Variables,
  listener: { onData: (data: Data) => void; onEnd: (error: unknown) => void },
): () => void {
  return client.subscribe<Data>(
    { query: String(document), variables },
    {
      next: ({ data }) => {
        if (data !== null && data !== undefined) listener.onData(data);
      },
      error: (error) => listener.onEnd(error),
      complete: () => listener.onEnd(null),
    },
  );
}

function wait(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
