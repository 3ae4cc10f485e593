// A stand-in for the API while the pages are made: `node dev/mock-server.mjs [--empty] [--quiet]`, then
// `npm run dev`. It also serves the built pages under the same content security policy as the product.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { buildSchema, graphql } from "graphql";
import { useServer } from "graphql-ws/use/ws";
import { WebSocketServer } from "ws";
import { jobOf, jobs, kindName, plainJob, time } from "./sample.mjs";

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));
const PORT = Number(process.env.PORT ?? 8490);
const STATIC = path("../../dvmdash/web/static");
const EMPTY = process.argv.includes("--empty");
const QUIET = process.argv.includes("--quiet") || EMPTY;
const schema = buildSchema(readFileSync(path("../../../graphql/schema.graphql"), "utf8"));
const all = EMPTY ? [] : jobs;
const listeners = new Set();

const events = () =>
  new Map(
    all.flatMap((job) => job.graph.nodes).flatMap((n) => (n.event ? [[n.event.id, n.event]] : [])),
  );
const entities = () =>
  new Map(
    all
      .flatMap((job) => job.graph.nodes)
      .flatMap((n) => (n.entity ? [[n.entity.pubkey, n.entity]] : [])),
  );

function status() {
  const nodes = all.flatMap((job) => job.graph.nodes);
  const count = (name, test) => ({ name, value: nodes.filter(test).length });
  const now = Date.now() / 1000;
  const relay = (url, state, fields = {}) => ({
    url,
    state,
    events: 0,
    duplicates: 0,
    refused: [],
    lastEventAt: null,
    notices: [],
    error: null,
    watermark: null,
    ...fields,
  });
  return {
    counts: [
      count("requests", (n) => n.event?.role === "request"),
      count("results", (n) => n.event?.role === "result"),
      count("feedback", (n) => n.event?.kind === 7000),
      { name: "entities", value: entities().size },
      { name: "dvms", value: [...entities().values()].filter((e) => e.isDvm).length },
      { name: "users", value: [...entities().values()].filter((e) => e.isUser).length },
      count("invoices", (n) => n.invoice),
      count("receipts", (n) => n.receipt),
    ],
    log: {
      messages: events().size,
      bytes: String(events().size * 1180),
      lastSequence: events().size,
    },
    projector: { lag: 0, lagSeconds: 0, checkpoint: events().size, deadLetters: EMPTY ? 0 : 1 },
    collectors: [
      {
        id: "collector-1",
        updatedAt: time(now - 3),
        relays: [
          relay("wss://relay.damus.io", EMPTY ? "disconnected" : "connected", {
            events: 41210,
            duplicates: 1933,
            lastEventAt: time(now - 8),
            watermark: time(now - 9),
            refused: [
              { name: "wrong id", value: 2 },
              { name: "too far ahead", value: 14 },
            ],
            error: EMPTY ? "Connection timed out" : null,
          }),
          relay("wss://nos.lol", "connected", {
            events: 38110,
            duplicates: 30412,
            lastEventAt: time(now - 2),
            watermark: time(now - 9),
            notices: ["ERROR: too many concurrent REQs"],
          }),
          relay("wss://relay.nostr.band", "disconnected", {
            error: "dns error: failed to lookup address information",
          }),
        ],
      },
    ],
    versions: [
      { name: "dvmdash", version: "0.1.0" },
      { name: "neo4j", version: "2026.08.1" },
      { name: "nats", version: "2.15.0" },
    ],
  };
}

function page(items, first, after, id) {
  const from = after ? items.findIndex((item) => id(item) === after) + 1 : 0;
  const shown = items.slice(from, from + first);
  return {
    edges: shown.map((node) => ({ cursor: id(node), node })),
    pageInfo: {
      hasNextPage: from + first < items.length,
      endCursor: shown.length ? id(shown.at(-1)) : null,
    },
  };
}

function relations(event) {
  const edges = all.flatMap((job) => job.graph.edges);
  const known = events();
  const out = edges
    .filter((e) => e.source === event.id && known.has(e.target))
    .map((e) => ({ ...e, outgoing: true, event: known.get(e.target) }));
  const into = edges
    .filter((e) => e.target === event.id && known.has(e.source))
    .map((e) => ({ ...e, outgoing: false, event: known.get(e.source) }));
  return [...out, ...into];
}

async function* changes(pick) {
  const queue = [];
  let wake = () => {};
  const hear = (job) => {
    queue.push(job);
    wake();
  };
  listeners.add(hear);
  try {
    for (;;) {
      while (queue.length) {
        const value = pick(queue.shift());
        if (value) yield value;
      }
      await new Promise((resolve) => (wake = resolve));
    }
  } finally {
    listeners.delete(hear);
  }
}

const root = {
  status,
  job: ({ id }) => all.find((job) => job.id === id) ?? null,
  event: ({ id }) => {
    const e = events().get(id);
    if (!e) return null;
    return {
      event: e,
      jobId: jobOf.get(id),
      deletedAt: null,
      raw: e.stub ? null : e.raw,
      references: relations(e),
    };
  },
  entity: ({ pubkey }) => {
    const e = entities().get(pubkey);
    const own = [...events().values()]
      .filter((x) => x.pubkey === pubkey)
      .sort((x, y) => y.createdAtUnix - x.createdAtUnix);
    if (!e) return null;
    return {
      entity: e,
      firstEventAt: own.at(-1)?.createdAt,
      lastEventAt: own[0]?.createdAt,
      announcements: [],
      events: ({ first, after }) => page(own, first, after, (x) => x.id),
    };
  },
  jobs: ({ first, after, kind }) =>
    page(
      kind ? all.filter((job) => job.request.kind === kind) : all,
      first,
      after,
      (job) => job.id,
    ),
  kinds: () => {
    const rows = new Map();
    const row = (kind) => {
      if (!rows.has(kind))
        rows.set(kind, { kind, name: kindName(kind), role: "request", requests: 0, results: 0 });
      return rows.get(kind);
    };
    for (const e of events().values()) {
      if (e.role === "request") row(e.kind).requests += 1;
      if (e.role === "result") row(e.kind - 1000).results += 1;
    }
    return [...rows.values()];
  },
};
const subscriptions = {
  statusChanged: () => changes(() => ({ statusChanged: status() })),
  jobChanged: ({ id }) => changes((job) => (job.id === id ? { jobChanged: job } : null)),
};

const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types svelte-trusted-html",
  "x-content-type-options": "nosniff",
};
const TYPES = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".html": "text/html; charset=utf-8",
};

const server = createServer(async (request, response) => {
  if (request.url.startsWith("/graphql")) {
    let body = "";
    for await (const chunk of request) body += chunk;
    const { query, variables } = JSON.parse(body || "{}");
    const answer = await graphql({
      schema,
      source: query ?? "{ __typename }",
      variableValues: variables,
      rootValue: root,
    });
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    return;
  }
  const wanted = normalize(new URL(request.url, "http://x").pathname);
  const file = await readFile(join(STATIC, wanted)).catch(() => null);
  const type = file ? (TYPES[extname(wanted)] ?? "application/octet-stream") : TYPES[".html"];
  response
    .writeHead(200, { ...HEADERS, "content-type": type })
    .end(file ?? (await readFile(join(STATIC, "index.html"))));
});
useServer(
  { schema, roots: { subscription: subscriptions } },
  new WebSocketServer({ server, path: "/graphql" }),
);
server.listen(PORT, "127.0.0.1", () => console.log(`mock: http://127.0.0.1:${PORT}`));

let made = 1000;
if (!QUIET)
  setInterval(() => {
    const job = plainJob((made += 1), 0);
    all.unshift(job);
    for (const hear of listeners) hear(job);
  }, 3000);
