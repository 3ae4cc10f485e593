/** The live side of every page: one connection, one pause switch, the newest status. */
import { ask } from "../api/client";
import { StatusChangedDocument, StatusDocument, type StatusFieldsFragment } from "../api/generated";
import type { Document } from "../api/client";
import { openSocket, subscribe, type Connection } from "../api/socket";
import { liveness, type Liveness } from "./badge";

export type Status = StatusFieldsFragment;

const RETRY_MS = 5_000;

class LiveFeed {
  connection = $state<Connection>("connecting");
  paused = $state(false);
  status = $state.raw<Status | null>(null);
  /** Counts what the server announced; pages that list newest things follow it. */
  beat = $state(0);
  /** Counts connections; after a gap pages ask anew for what they missed. */
  connections = $state(0);
  readonly liveness: Liveness = $derived(
    liveness(this.connection, this.paused, this.status?.projector ?? null),
  );

  readonly #socket = openSocket((connection) => {
    // Once lost it is lost until it is back: each further attempt is no news.
    if (connection === "connecting" && this.connection === "closed") return;
    this.connection = connection;
    if (connection === "open") this.connections += 1;
  });

  /** Begin to follow the server's status; once per page load. */
  start(): void {
    void this.#askStatus();
    this.follow(StatusChangedDocument, {}, (data) => {
      this.status = data.statusChanged;
      this.beat += 1;
    });
  }

  /** Subscribe until the returned function is called, again after every end; pausing is the listener's matter. */
  follow<Data, Variables extends Record<string, unknown>>(
    document: Document<Data, Variables>,
    variables: Variables,
    onData: (data: Data) => void,
  ): () => void {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let wanted = true;
    const begin = () => subscribe(this.#socket, document, variables, { onData, onEnd });
    const onEnd = () => {
      if (wanted) timer = setTimeout(() => (stop = begin()), RETRY_MS);
    };
    let stop = begin();
    return () => {
      wanted = false;
      clearTimeout(timer);
      stop();
    };
  }

  async #askStatus(): Promise<void> {
    try {
      this.status = (await ask(StatusDocument, {}, new AbortController().signal)).status;
    } catch {
      // The pages that need the status ask for it themselves and show why it fails.
      setTimeout(() => void this.#askStatus(), RETRY_MS);
    }
  }
}

export const live = new LiveFeed();
