/** A job's graph as Cytoscape's elements. */
import type { EdgeDefinition, NodeDefinition } from "cytoscape";
import { toneOf } from "../nostr/status";
import { labelOf, lookOf, type GraphEdge, type GraphNode } from "./model";
import type { Positions } from "./layout";
import { relationWords } from "./relations";

/** A node with its look, label and place. */
export function nodeElement(node: GraphNode, places: Positions): NodeDefinition {
  return {
    group: "nodes",
    data: nodeData(node),
    position: { ...(places.get(node.id) ?? { x: 0, y: 0 }) },
  };
}

/** What the style sheet looks at. */
export function nodeData(node: GraphNode): NodeDefinition["data"] & { id: string } {
  return {
    id: node.id,
    look: lookOf(node),
    label: labelOf(node),
    stub: node.stub,
    tone: toneOf(node.event?.statusClass ?? node.event?.status),
  };
}

/** An edge with its words; dashed when the link is only likely. */
export function edgeElement(edge: GraphEdge): EdgeDefinition {
  return {
    group: "edges",
    data: {
      id: edge.id,
      source: edge.source,
      target: edge.target,
      words: relationWords(edge.type),
      kind: kindOf(edge.type),
      unsure: edge.confidence !== null && edge.confidence < 0.75,
    },
  };
}

/** Answers and payments lead back over what lies between: they are drawn as arcs. */
function kindOf(type: string): "answer" | "payment" | "money" | "event" {
  if (/^(RESULT_FOR|FEEDBACK_FOR|REFERENCES|PAYMENT_FOR)$/u.test(type)) return "answer";
  if (/^PAYMENT_(FROM|TO)$/u.test(type)) return "payment";
  return type === "HAS_RECEIPT" ? "money" : "event";
}
