/** What the collectors' reports say about relays. */
import type { RelayRowFragment, StatusFieldsFragment } from "../api/generated";

export type Relay = RelayRowFragment;

/** Every relay of every collector, each once, the unreachable first. */
export function allRelays(status: StatusFieldsFragment | null): Relay[] {
  const relays = new Map<string, Relay>();
  for (const relay of (status?.collectors ?? []).flatMap((collector) => collector.relays)) {
    const known = relays.get(relay.url);
    if (known === undefined || isReached(relay)) relays.set(relay.url, relay);
  }
  return [...relays.values()].sort(
    (a, b) => Number(isReached(a)) - Number(isReached(b)) || a.url.localeCompare(b.url),
  );
}

/** Whether the relay answers now. */
export function isReached(relay: Relay): boolean {
  return relay.state.toLowerCase() === "connected";
}

/** Refused events of one relay. */
export function refusedTotal(relay: Relay): number {
  return relay.refused.reduce((sum, reason) => sum + reason.value, 0);
}
