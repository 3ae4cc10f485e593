/** Something a page has asked for: its data, what went wrong, whether it is still coming. */
import { untrack } from "svelte";
import { asApiError, isAbort, type ApiError } from "../api/errors";

export class Loaded<Data> {
  data = $state.raw<Data | null>(null);
  error = $state.raw<ApiError | null>(null);
  loading = $state(true);
  version = $state(0);

  /** Ask again; what is shown stays until the answer is here. */
  reload = (): void => {
    this.version += 1;
  };

  async take(request: (signal: AbortSignal) => Promise<Data>, signal: AbortSignal): Promise<void> {
    this.loading = true;
    try {
      this.data = await request(signal);
      this.error = null;
    } catch (thrown) {
      if (isAbort(thrown) || signal.aborted) return;
      this.error = asApiError(thrown);
    }
    this.loading = false;
  }
}

const RETRY_MS = 5_000;

/**
 * Ask within a component. `request` reads what it depends on and returns the asking itself; it is asked
 * anew when that changes, and given up when the component goes. Without a connection it tries again.
 */
export function loaded<Data>(request: () => (signal: AbortSignal) => Promise<Data>): Loaded<Data> {
  const state = new Loaded<Data>();
  $effect(() => {
    const asking = request();
    void state.version;
    const leaving = new AbortController();
    untrack(() => void state.take(asking, leaving.signal));
    return () => leaving.abort();
  });
  $effect(() => {
    if (state.error?.trouble !== "network") return;
    const timer = setTimeout(state.reload, RETRY_MS);
    return () => clearTimeout(timer);
  });
  return state;
}
