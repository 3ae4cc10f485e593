/** Cytoscape's style sheet, in the colours of the page's theme. */
import type { Css, StylesheetJson } from "cytoscape";
import type { Look } from "./model";

/** Shapes differ as well as colours: neither alone carries the meaning. */
export const SHAPES: Record<Look, Css.NodeShape> = {
  person: "ellipse",
  provider: "hexagon",
  request: "round-rectangle",
  feedback: "rhomboid",
  result: "barrel",
  other: "rectangle",
  invoice: "diamond",
  receipt: "pentagon",
};

export type Colour = (token: string) => string;

/** Reads a colour token of app.css as it is now. */
export function coloursOf(element: Element): Colour {
  const style = getComputedStyle(element);
  return (token) => style.getPropertyValue(`--${token}`).trim();
}

/** The style sheet; `colour` gives the value of a token such as "ink". */
export function graphStyle(colour: Colour, font: string): StylesheetJson {
  const looks = Object.entries(SHAPES).map(([look, shape]) => ({
    selector: `node[look = "${look}"]`,
    style: {
      shape,
      "background-color": colour(`node-${look}`),
      "border-color": colour(`node-${look}`),
    },
  }));
  return [...nodes(colour, font), ...looks, ...sizes(), ...edges(colour, font), ...states(colour)];
}

function nodes(colour: Colour, font: string): StylesheetJson {
  return [
    {
      selector: "node",
      style: {
        width: 26,
        height: 26,
        label: "data(label)",
        color: colour("ink"),
        "font-family": font,
        "font-size": 11,
        "text-valign": "bottom",
        "text-margin-y": 4,
        "text-wrap": "ellipsis",
        "text-max-width": "108px",
        "text-background-color": colour("surface"),
        "text-background-opacity": 0.85,
        "text-background-padding": "1px",
        "border-width": 1.5,
        "overlay-opacity": 0,
      },
    },
  ];
}

function sizes(): StylesheetJson {
  return [
    { selector: 'node[look = "request"]', style: { width: 44, height: 30 } },
    { selector: 'node[look = "result"]', style: { width: 34, height: 28 } },
    { selector: 'node[look = "feedback"]', style: { width: 34, height: 20 } },
  ];
}

function edges(colour: Colour, font: string): StylesheetJson {
  return [
    {
      selector: "edge",
      style: {
        width: 1.4,
        "curve-style": "bezier",
        "line-color": colour("line-strong"),
        "target-arrow-color": colour("line-strong"),
        "target-arrow-shape": "triangle",
        "arrow-scale": 0.8,
        color: colour("muted"),
        "font-family": font,
        "font-size": 9,
        "text-background-color": colour("surface"),
        "text-background-opacity": 0.9,
        "text-rotation": "autorotate",
        "overlay-opacity": 0,
      },
    },
    { selector: "edge[?unsure]", style: { "line-style": "dashed" } },
    { selector: 'edge[kind = "answer"]', style: arc(26) },
    { selector: 'edge[kind = "payment"]', style: arc(-60) },
    {
      selector: 'edge[kind = "payment"], edge[kind = "money"]',
      style: { "line-color": colour("node-receipt"), "target-arrow-color": colour("node-receipt") },
    },
  ];
}

function arc(distance: number): Css.Edge {
  return {
    "curve-style": "unbundled-bezier",
    "control-point-distances": [distance],
    "control-point-weights": [0.5],
  };
}

function states(colour: Colour): StylesheetJson {
  return [
    {
      selector: "node[?stub]",
      style: { "background-opacity": 0.12, "border-style": "dashed", "border-width": 2 },
    },
    { selector: 'node[tone = "bad"]', style: { "border-color": colour("bad"), "border-width": 3 } },
    {
      selector: "node.fresh",
      style: { "underlay-color": colour("warn"), "underlay-opacity": 0.35, "underlay-padding": 8 },
    },
    {
      selector: "node.chosen",
      style: { "underlay-color": colour("accent"), "underlay-opacity": 0.3, "underlay-padding": 7 },
    },
    {
      selector: "edge.near",
      style: {
        width: 2.2,
        "line-color": colour("accent"),
        "target-arrow-color": colour("accent"),
        label: "data(words)",
      },
    },
    { selector: ".away", style: { opacity: 0.35 } },
  ];
}
