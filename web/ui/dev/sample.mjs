// Sample data for the mock server: one job with everything in it, a hostile one, a crowd of plain ones.
import { createHash } from "node:crypto";

export const hex = (seed) => createHash("sha256").update(String(seed)).digest("hex");
const NOW = Math.floor(Date.now() / 1000);
export const time = (unix) => (unix === null ? null : new Date(unix * 1000).toISOString());

export const KIND_NAMES = {
  0: "Profile",
  5: "Deletion",
  5000: "Text extraction",
  5002: "Translation",
  5050: "Text generation",
  5100: "Image generation",
  5202: "Image to video",
  5300: "Content discovery",
  5303: "Search",
  7000: "Job feedback",
  9735: "Zap receipt",
  31990: "Announcement",
};
export const kindName = (kind) =>
  KIND_NAMES[kind] ??
  (KIND_NAMES[kind - 1000] ? `${KIND_NAMES[kind - 1000]} result` : `Kind ${kind}`);

export function entity(seed, name, { dvm = false } = {}) {
  const pubkey = hex(seed);
  return {
    pubkey,
    npub: `npub1${pubkey.slice(0, 58).replace(/[b1io]/g, "q")}`,
    name,
    isDvm: dvm,
    isUser: !dvm,
    picture: `https://pictures.example/${pubkey.slice(0, 6)}.png`,
    nip05: `${seed}@example.org`,
    lud16: dvm ? `${seed}@pay.example` : null,
    about: dvm ? "Answers jobs.\nPrices on request." : null,
    firstSeen: time(NOW - 86400 * 20),
    lastSeen: time(NOW - 60),
  };
}

export const people = {
  alice: entity("alice", "alice"),
  writer: entity("writer", "Quill, text DVM", { dvm: true }),
  painter: entity("painter", "Easel ImageGen", { dvm: true }),
  slow: entity("slow", null, { dvm: true }),
  evil: entity("evil", "\u202Egnp.<script>alert(1)</script>\u200B\u200B", { dvm: true }),
};

export function event(seed, kind, author, age, fields = {}) {
  const id = hex(seed);
  const at = NOW - age;
  const role =
    fields.role ??
    (kind === 7000
      ? "feedback"
      : kind >= 6000 && kind < 7000
        ? "result"
        : kind >= 5000 && kind < 6000
          ? "request"
          : kindName(kind).toLowerCase());
  const stub = fields.stub ?? false;
  return {
    id,
    note: `note1${id.slice(0, 58)}`,
    kind,
    kindName: kindName(kind),
    role,
    stub,
    pubkey: stub ? null : author.pubkey,
    author: stub ? null : author,
    createdAt: stub ? null : time(at),
    createdAtUnix: stub ? null : at,
    firstSeen: stub ? null : time(at + 1),
    encrypted: false,
    status: null,
    statusClass: null,
    amountMsat: null,
    content: "",
    statusInfo: null,
    amountForm: null,
    input: null,
    relay: "wss://relay.damus.io",
    streamSeq: 1000 + (at % 997),
    raw: JSON.stringify({
      id,
      pubkey: author.pubkey,
      created_at: at,
      kind,
      tags: [["e", id, "wss://relay.damus.io"]],
      content: fields.content ?? "",
      sig: hex(`sig${seed}`).repeat(2),
    }),
    ...fields,
  };
}

const invoice = (seed, msat) => ({
  id: hex(`inv${seed}`),
  bolt11: `lnbc${msat / 100000}u1p${hex(seed)}${hex(`${seed}b`)}`,
  amountMsat: String(msat),
  createdAt: time(NOW - 500),
  expiresAt: time(NOW + 3000),
  description: "One picture",
  paymentHash: hex(`hash${seed}`),
});

/** Nodes and edges from parts: events with their authors, answers to `request`, money. */
export function graphOf(events, money = []) {
  const nodes = new Map();
  const edges = [];
  const add = (id, type, role, fields) =>
    nodes.has(id) ||
    nodes.set(id, {
      id,
      type,
      label: role,
      role,
      stub: false,
      entity: null,
      event: null,
      invoice: null,
      receipt: null,
      ...fields,
    });
  const link = (type, source, target, rule = null, confidence = null) =>
    edges.push({ id: `${type}:${source}:${target}`, type, source, target, rule, confidence });
  for (const { event: e, answers, rule = "L1", confidence = 1 } of events) {
    add(e.id, "EVENT", e.role, { event: e, stub: e.stub });
    if (e.author) {
      add(e.author.pubkey, "ENTITY", e.role === "request" ? "user" : "dvm", {
        entity: e.author,
      });
      link("MAKES_EVENT", e.author.pubkey, e.id);
    }
    if (answers)
      link(
        e.kind === 7000 ? "FEEDBACK_FOR" : e.role === "request" ? "REFERENCES" : "RESULT_FOR",
        e.id,
        answers.id,
        rule,
        confidence,
      );
  }
  for (const { on, invoice: i, receipt: r, payer, payee } of money) {
    if (i) {
      add(i.id, "INVOICE", "invoice", { invoice: i });
      link("HAS_INVOICE", on.id, i.id, "amount tag", 1);
    }
    if (r) {
      add(r.id, "RECEIPT", "receipt", { receipt: r });
      if (i) link("HAS_RECEIPT", i.id, r.id, "payment hash", 1);
      else link("PAYMENT_FOR", r.id, on.id, "e tag", 0.7);
      if (payer) link("PAYMENT_FROM", r.id, payer.pubkey, "9734 author", 0.95);
      if (payee) link("PAYMENT_TO", r.id, payee.pubkey, "p tag", 1);
    }
  }
  return { nodes: [...nodes.values()], edges, truncated: false };
}

function richJob() {
  const { alice, writer, painter, slow } = people;
  const a = event("r1", 5050, alice, 900, {
    content: "Describe a lighthouse at dusk in two sentences.",
  });
  const parts = [
    { event: a },
    {
      event: event("f1", 7000, writer, 895, { status: "processing", statusClass: "processing" }),
      answers: a,
    },
    {
      event: event("x1", 6050, writer, 880, {
        content: "The lamp turns; the sea answers in bronze and slate.",
      }),
      answers: a,
    },
    {
      event: event("f1b", 7000, slow, 890, {
        status: "payment-required",
        statusClass: "payment-required",
        amountMsat: "50000",
        content: "Pay 50 sats",
      }),
      answers: a,
    },
  ];
  const b = event("r2", 5100, alice, 870, {
    content: "The lamp turns; the sea answers in bronze and slate.",
  });
  const f2 = event("f2", 7000, painter, 866, {
    status: "payment-required",
    statusClass: "payment-required",
    amountMsat: "21000",
  });
  parts.push(
    { event: b, answers: a, rule: "i tag, job", confidence: 0.9 },
    { event: f2, answers: b },
    {
      event: event("f3", 7000, painter, 840, { status: "processing", statusClass: "processing" }),
      answers: b,
    },
    {
      event: event("x2", 6100, painter, 820, { content: "https://images.example/lighthouse.png" }),
      answers: b,
    },
  );
  const zap = {
    id: hex("zap1"),
    kind: 9735,
    amountMsat: "21000",
    createdAt: time(NOW - 850),
    comment: "for the picture",
    anonymous: false,
    mint: null,
    preimageMatches: true,
    flags: [],
  };
  const slowInvoice = { on: parts[3].event, invoice: invoice("slow", 50000) };
  return job(
    a,
    graphOf(parts, [
      slowInvoice,
      { on: f2, invoice: invoice("p", 21000), receipt: zap, payer: alice, payee: painter },
    ]),
  );
}

export const jobOf = new Map();

export function job(request, graph) {
  const events = graph.nodes.flatMap((node) => (node.event ? [node.event] : []));
  for (const e of events) jobOf.set(e.id, request.id);
  const last = events.reduce((x, y) => ((x.createdAtUnix ?? 0) >= (y.createdAtUnix ?? 0) ? x : y));
  const statuses = events.filter((e) => e.status).sort((x, y) => y.createdAtUnix - x.createdAtUnix);
  const answers = events.filter((e) => e.role !== "request");
  const hasResult = events.some((e) => e.role === "result");
  return {
    id: request.id,
    request,
    customer: request.author,
    results: events.filter((e) => e.role === "result").length,
    feedbacks: events.filter((e) => e.kind === 7000).length,
    providers: new Set(answers.map((e) => e.pubkey)).size,
    lastStatus: hasResult ? "success" : (statuses[0]?.status ?? null),
    lastEventAt: last.createdAt,
    graph,
  };
}

function hostileJob() {
  const text = `<script>window.hacked=1</script><img src=x onerror="window.hacked=1"> \u202Eevil\u202C ${"W".repeat(100_000)}`;
  const request = event("h1", 5303, people.evil, 300, { content: text });
  const answer = event("h2", 7000, people.evil, 290, {
    status: "<b>error</b>",
    statusClass: "error",
    content: text,
  });
  return job(request, graphOf([{ event: request }, { event: answer, answers: request }]));
}

function crowdedJob() {
  const request = event("c1", 5300, people.alice, 4000, { content: "What should I read today?" });
  const parts = [{ event: request }];
  for (let n = 0; n < 45; n += 1) {
    const dvm = entity(`crowd${n}`, n % 3 ? `Feed ${n}` : null, { dvm: true });
    parts.push({
      event: event(`cf${n}`, 7000, dvm, 3990 - n, {
        status: "processing",
        statusClass: "processing",
      }),
      answers: request,
    });
    if (n % 2)
      parts.push({
        event: event(`cr${n}`, 6300, dvm, 3900 - n, { content: '[["e","…"]]' }),
        answers: request,
      });
  }
  return job(request, graphOf(parts));
}

export function plainJob(n, age) {
  const kind = [5050, 5100, 5300, 5002, 5202][n % 5];
  const author = n % 4 ? people.alice : entity(`u${n % 9}`, null);
  const request = event(`p${n}`, kind, author, age, {
    content: n % 6 === 5 ? "" : `Sample request number ${n}`,
    encrypted: n % 6 === 5,
  });
  const parts = [{ event: request }];
  const states = ["processing", "error", "payment-required", "success", "chain-scheduled"];
  if (n % 3)
    parts.push({
      event: event(`pf${n}`, 7000, people.writer, age - 2, {
        status: states[n % 5],
        statusClass: states[n % 5],
      }),
      answers: request,
    });
  if (n % 2)
    parts.push({
      event: event(`pr${n}`, kind + 1000, people.painter, age - 9, { content: "Here it is." }),
      answers: request,
    });
  return job(request, graphOf(parts));
}

function stubJob() {
  const request = event("s1", 5002, people.alice, 700, { stub: true });
  return job(
    { ...request, author: null },
    graphOf([
      { event: request },
      {
        event: event("s2", 6002, people.writer, 650, { content: "Guten Abend" }),
        answers: request,
      },
    ]),
  );
}

export const jobs = [
  ...Array.from({ length: 12 }, (_, n) => plainJob(n, 20 + n * 17)),
  hostileJob(),
  stubJob(),
  richJob(),
  crowdedJob(),
  ...Array.from({ length: 140 }, (_, n) => plainJob(20 + n, 5000 + n * 400)),
].sort((x, y) => (y.request.createdAtUnix ?? NOW - 690) - (x.request.createdAtUnix ?? NOW - 690));
