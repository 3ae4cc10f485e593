import { expect, test } from "vitest";
import { kindPath } from "../src/nostr/kinds";
import { matchRoute, pathOfIdentifier } from "../src/routing/routes";

const ID = "cd".repeat(32);
const NPUB = "npub10elfcs4fr0l0r8af98jlmgdh9c8tcxjvz9qkw038js35mp4dma8qzvjptg";
const NPUB_HEX = "7e7e9c42a91bfef19fa929e5fda1b72e0ebc1a4c1141673e2794234d86addf4e";

test.each([
  ["/", { page: "dashboard" }],
  ["/jobs", { page: "jobs" }],
  ["/kinds/", { page: "kinds" }],
  ["/relays", { page: "pipeline" }],
  ["/pipeline", { page: "pipeline" }],
  [`/job/${ID}`, { page: "job", hex: ID }],
  [`/event/${ID.toUpperCase()}`, { page: "event", hex: ID }],
  [`/dvm/${NPUB}`, { page: "entity", hex: NPUB_HEX }],
  [`/user/${ID}`, { page: "entity", hex: ID }],
  [`/job/${NPUB}`, { page: "entity", hex: NPUB_HEX }],
  [`/${NPUB}`, { page: "entity", hex: NPUB_HEX }],
  [`/nostr:${NPUB}`, { page: "entity", hex: NPUB_HEX }],
  [`/${ID}`, { page: "lookup", hex: ID }],
  ["/nsec1whatever", { page: "secret" }],
  ["/event/nsec1whatever", { page: "secret" }],
  ["/nothing", { page: "missing" }],
  ["/constructor", { page: "missing" }],
  ["/toString/abc", { page: "missing" }],
  ["/job", { page: "missing" }],
  [`/job/${ID}/more`, { page: "missing" }],
  ["/%E0%A4%A", { page: "missing" }],
])("%s", (path, route) => {
  expect(matchRoute(path)).toEqual(route);
});

test("a damaged address is told apart from a page that does not exist", () => {
  expect(matchRoute("/npub1qqqq").page).toBe("unreadable");
  expect(matchRoute("/event/123").page).toBe("unreadable");
});

test("search leads to a key's page at once and looks other ids up first", () => {
  expect(pathOfIdentifier(ID, "entity")).toBe(`/entity/${ID}`);
  expect(pathOfIdentifier(ID, "event")).toBe(`/${ID}`);
});

test("request kinds and the results that answer them lead to the same jobs", () => {
  expect(kindPath(5050)).toBe("/jobs?kind=5050");
  expect(kindPath(6050)).toBe("/jobs?kind=5050");
  expect(kindPath(7000)).toBe("/kinds");
});
