/** Lets a component ask again when the server announces a change or the connection comes back. */
import { untrack } from "svelte";
import { coalesce } from "./coalesce";
import { live } from "./feed.svelte";

const GAP_MS = 1000;

/** Call within a component; while paused the news wait, then come as one. */
export function onNews(call: () => void): void {
  const before = untrack(() => live.beat + live.connections);
  const calls = coalesce(call, GAP_MS);
  $effect(() => {
    const told = live.beat + live.connections;
    if (told !== before && !live.paused) calls.signal();
  });
  $effect(() => calls.stop);
}
