/** What the badge says about how live the page is. */
import type { Connection } from "../api/socket";

export type Liveness = "connecting" | "live" | "paused" | "lagging" | "offline";

export interface Lag {
  lag: number;
  lagSeconds: number | null;
}

const LAG_SECONDS = 10;
const LAG_MESSAGES = 1000;

/** Whether the graph is behind the log by more than a reader would forgive. */
export function isLagging(lag: Lag | null): boolean {
  if (lag === null || lag.lag === 0) return false;
  return lag.lag > LAG_MESSAGES || (lag.lagSeconds ?? 0) > LAG_SECONDS;
}

/** The first that holds: offline, paused, connecting, lagging, live. */
export function liveness(connection: Connection, paused: boolean, lag: Lag | null): Liveness {
  if (connection === "closed") return "offline";
  if (paused) return "paused";
  if (connection === "connecting") return "connecting";
  return isLagging(lag) ? "lagging" : "live";
}
