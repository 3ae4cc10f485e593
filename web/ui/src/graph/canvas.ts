/** The drawn graph. Loaded only where a graph is shown: Cytoscape and dagre are larger than all else. */
import cytoscape, { type Core } from "cytoscape";
import { edgeElement, nodeData, nodeElement } from "./elements";
import { keepPlaces, layoutGraph, nearestTowards, type Point } from "./layout";
import type { JobGraph } from "./model";
import { coloursOf, graphStyle } from "./style";

export interface CanvasEvents {
  onSelect: (id: string | null) => void;
  onOpen: (id: string) => void;
}

const FRESH_MS = 4000;
const FIT_PADDING = 28;
const LARGEST_FIT = 1.15;
// Below this labels can't be read; a narrow screen has less to lose by showing a part.
const READABLE = { narrow: 0.6, wide: 0.42 };
const NARROW_PX = 600;

export class GraphCanvas {
  readonly #cy: Core;
  #places = new Map<string, Point>();
  #graph: JobGraph = { nodes: [], edges: [], truncated: false };

  constructor(
    readonly container: HTMLElement,
    events: CanvasEvents,
  ) {
    this.#cy = cytoscape({
      container,
      style: this.#style(),
      minZoom: 0.08,
      maxZoom: 2.5,
      boxSelectionEnabled: false,
      autounselectify: true,
    });
    this.#cy.on("tap", "node", ({ target }) => events.onSelect(target.id()));
    this.#cy.on("tap", ({ target }) => target === this.#cy && events.onSelect(null));
    this.#cy.on("dbltap", "node", ({ target }) => events.onOpen(target.id()));
    this.#cy.on("dragfree", "node", ({ target }) =>
      this.#places.set(target.id(), { ...target.position() }),
    );
    this.#cy.on("mouseover", "node", () => (container.style.cursor = "pointer"));
    this.#cy.on("mouseout", "node", () => (container.style.cursor = ""));
  }

  /** Draw the graph, or what changed in it; nodes that stand do not move. */
  show(graph: JobGraph): void {
    const first = this.#places.size === 0;
    this.#graph = graph;
    const places = keepPlaces(this.#places, graph.nodes, graph.edges);
    for (const [id, place] of places) this.#places.set(id, place);
    this.#cy.batch(() => this.#merge(first));
    if (first) this.#open();
  }

  #merge(first: boolean): void {
    const wanted = new Set([...this.#graph.nodes, ...this.#graph.edges].map((part) => part.id));
    this.#cy
      .elements()
      .filter((element) => !wanted.has(element.id()))
      .remove();
    for (const node of this.#graph.nodes) {
      const drawn = this.#cy.getElementById(node.id);
      if (drawn.nonempty()) drawn.data(nodeData(node));
      else this.#add(this.#cy.add(nodeElement(node, this.#places)), first);
    }
    for (const edge of this.#graph.edges) {
      if (this.#cy.getElementById(edge.id).empty() && this.#hasEnds(edge))
        this.#cy.add(edgeElement(edge));
    }
  }

  #hasEnds(edge: { source: string; target: string }): boolean {
    return this.#cy.hasElementWithId(edge.source) && this.#cy.hasElementWithId(edge.target);
  }

  #add(node: cytoscape.CollectionReturnValue, first: boolean): void {
    if (first) return;
    node.addClass("fresh");
    setTimeout(() => node.removeClass("fresh"), FRESH_MS);
  }

  /** Mark one node and what it touches; null clears. */
  select(id: string | null): void {
    const node = this.#cy.getElementById(id ?? "");
    this.#cy.batch(() => {
      this.#cy.elements().removeClass("chosen near away");
      if (node.empty()) return;
      const near = node.closedNeighborhood();
      this.#cy.elements().not(near).addClass("away");
      near.addClass("near");
      node.addClass("chosen");
    });
    if (node.nonempty()) this.#bringIntoView(node);
  }

  #bringIntoView(node: cytoscape.CollectionReturnValue): void {
    const box = node.renderedBoundingBox();
    const inside =
      box.x1 >= 0 && box.y1 >= 0 && box.x2 <= this.#cy.width() && box.y2 <= this.#cy.height();
    if (!inside) this.#cy.center(node);
  }

  /** The nearest node towards a direction, for the arrow keys. */
  neighbour(from: string | null, direction: Point): string | null {
    const shown = new Map(
      this.#graph.nodes.map((node) => [node.id, this.#places.get(node.id) ?? { x: 0, y: 0 }]),
    );
    return from !== null && shown.has(from)
      ? nearestTowards(shown, from, direction)
      : (this.#graph.nodes[0]?.id ?? null);
  }

  /** Show everything, never larger than life. */
  fit(): void {
    this.#cy.resize();
    this.#cy.fit(undefined, FIT_PADDING);
    if (this.#cy.zoom() > LARGEST_FIT) this.#cy.zoom(LARGEST_FIT).center();
  }

  /** The first view: everything, or where that is too small to read, the beginning. */
  #open(): void {
    this.fit();
    const readable = this.#cy.width() < NARROW_PX ? READABLE.narrow : READABLE.wide;
    if (this.#cy.zoom() >= readable) return;
    this.#cy.zoom(readable).center();
    const box = this.#cy.elements().boundingBox();
    this.#cy.pan({ x: FIT_PADDING - box.x1 * readable, y: this.#cy.pan().y });
  }

  /** Zoom about the middle by a factor. */
  zoom(factor: number): void {
    const middle = { x: this.#cy.width() / 2, y: this.#cy.height() / 2 };
    this.#cy.zoom({ level: this.#cy.zoom() * factor, renderedPosition: middle });
  }

  /** Forget the places and lay everything out anew. */
  arrange(): void {
    this.#places = layoutGraph(this.#graph.nodes, this.#graph.edges);
    this.#cy.nodes().positions((node) => this.#places.get(node.id()) ?? { x: 0, y: 0 });
    this.fit();
  }

  /** Take the theme's colours anew. */
  recolour(): void {
    this.#cy.style(this.#style());
  }

  /** Where nodes stand on the screen within the container, for tests and tools. */
  screenPosition(id: string): Point | null {
    const node = this.#cy.getElementById(id);
    return node.empty() ? null : { ...node.renderedPosition() };
  }

  destroy(): void {
    this.#cy.destroy();
  }

  #style(): cytoscape.StylesheetJson {
    return graphStyle(coloursOf(this.container), getComputedStyle(this.container).fontFamily);
  }
}
