/** Small graphs for tests, in the API's shape. */
import type { EventRowFragment } from "../src/api/generated";
import type { GraphEdge, GraphNode, JobGraph } from "../src/graph/model";

const NOTHING = { stub: false, entity: null, event: null, invoice: null, receipt: null };

export function event(
  id: string,
  kind: number,
  fields: Partial<EventRowFragment> = {},
): EventRowFragment {
  return {
    id,
    kind,
    kindName: `Kind ${kind}`,
    role: "event",
    stub: false,
    pubkey: null,
    author: null,
    createdAt: null,
    createdAtUnix: null,
    firstSeen: null,
    encrypted: false,
    status: null,
    statusClass: null,
    amountMsat: null,
    content: null,
    statusInfo: null,
    amountForm: null,
    input: null,
    relay: null,
    streamSeq: null,
    ...fields,
  };
}

export function eventNode(
  id: string,
  kind: number,
  role: string,
  fields: Partial<EventRowFragment> = {},
): GraphNode {
  return {
    ...NOTHING,
    id,
    type: "EVENT",
    label: id,
    role,
    event: event(id, kind, { role, ...fields }),
  };
}

export function person(id: string, role: string, name: string | null = null): GraphNode {
  const entity = {
    pubkey: id,
    npub: `npub1${id}0000000000`,
    name,
    isDvm: role === "provider",
    isUser: role !== "provider",
  };
  return { ...NOTHING, id, type: "ENTITY", label: id, role, entity };
}

export function edge(type: string, source: string, target: string): GraphEdge {
  return { id: `${type}:${source}:${target}`, type, source, target, rule: null, confidence: null };
}

/** A customer, a request, one DVM with feedback and a result. */
export function smallJob(): JobGraph {
  return {
    truncated: false,
    nodes: [
      person("customer", "customer", "alice"),
      eventNode("request", 5050, "request"),
      person("dvm", "provider", "Quill"),
      eventNode("feedback", 7000, "feedback", { status: "processing" }),
      eventNode("result", 6050, "result"),
    ],
    edges: [
      edge("MAKES_EVENT", "customer", "request"),
      edge("MAKES_EVENT", "dvm", "feedback"),
      edge("MAKES_EVENT", "dvm", "result"),
      edge("FEEDBACK_FOR", "feedback", "request"),
      edge("RESULT_FOR", "result", "request"),
    ],
  };
}
