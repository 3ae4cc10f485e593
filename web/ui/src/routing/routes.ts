/** Which page an address means. Every route works on reload too: the server answers each with index.html. */
import { parseIdentifier } from "../nostr/identifier";

export type Route =
  | { page: "dashboard" | "jobs" | "kinds" | "pipeline" | "secret" | "missing" }
  | { page: "job" | "event" | "entity" | "lookup"; hex: string }
  | { page: "unreadable"; reason: string };

const PLAIN: Record<string, Route> = {
  "": { page: "dashboard" },
  jobs: { page: "jobs" },
  kinds: { page: "kinds" },
  relays: { page: "pipeline" },
  pipeline: { page: "pipeline" },
};
const BY_ID: Record<string, "job" | "event" | "entity"> = {
  job: "job",
  event: "event",
  entity: "entity",
  dvm: "entity",
  user: "entity",
};

/** The route of a path such as `/job/<id>` or `/npub1…`. */
export function matchRoute(pathname: string): Route {
  const parts = pathname
    .split("/")
    .filter((part) => part !== "")
    .map(decodePart);
  const [first = "", second] = parts;
  if (parts.length <= 1) return Object.hasOwn(PLAIN, first) ? plain(first) : bareIdentifier(first);
  if (parts.length > 2 || second === undefined || !Object.hasOwn(BY_ID, first))
    return { page: "missing" };
  return pageWithId(BY_ID[first] ?? "event", second);
}

/** Where the search box leads. */
export function pathOfIdentifier(hex: string, type: "hex" | "event" | "entity"): string {
  return type === "entity" ? `/entity/${hex}` : `/${hex}`;
}

function plain(name: string): Route {
  return PLAIN[name] ?? { page: "missing" };
}

function bareIdentifier(text: string): Route {
  const found = parseIdentifier(text);
  if (found.type === "secret") return { page: "secret" };
  if (found.type === "entity") return { page: "entity", hex: found.hex };
  if (found.type === "hex" || found.type === "event") return { page: "lookup", hex: found.hex };
  return /^(note|nevent|npub|nprofile)1/iu.test(text) && found.type === "unknown"
    ? { page: "unreadable", reason: found.reason }
    : { page: "missing" };
}

function pageWithId(page: "job" | "event" | "entity", text: string): Route {
  const found = parseIdentifier(text);
  if (found.type === "secret") return { page: "secret" };
  if (found.type === "unknown") return { page: "unreadable", reason: found.reason };
  if (found.type === "empty") return { page: "missing" };
  if (found.type === "entity" && page !== "entity") return { page: "entity", hex: found.hex };
  if (found.type === "event" && page === "entity") return { page: "lookup", hex: found.hex };
  return { page, hex: found.hex };
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
