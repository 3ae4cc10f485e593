/** Times in words and in figures. All functions take RFC 3339 text and milliseconds and read no clock. */

const STEPS: readonly (readonly [seconds: number, name: string])[] = [
  [365 * 86_400, "y"],
  [30 * 86_400, "mo"],
  [86_400, "d"],
  [3600, "h"],
  [60, "min"],
  [1, "s"],
];

/** How long ago `time` was, in its largest unit: "just now", "12 s ago", "3 h ago", "in 5 min". */
export function relativeTime(time: string, now: number): string {
  const then = Date.parse(time);
  if (Number.isNaN(then)) return "at an unknown time";
  const seconds = (now - then) / 1000;
  if (Math.abs(seconds) < 2) return "just now";
  const words = duration(Math.abs(seconds) * 1000);
  return seconds > 0 ? `${words} ago` : `in ${words}`;
}

/** A span of milliseconds in its largest unit, rounded down: "850 ms", "12 s", "3 h". */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 1) return `${Math.round(milliseconds)} ms`;
  const [size, name] = STEPS.find(([size]) => seconds >= size) ?? [1, "s"];
  return `${Math.floor(seconds / size)} ${name}`;
}

/** Date and time to the second, in the given zone: "2025-03-01 14:05:09". */
export function absoluteTime(time: string, timeZone: string): string {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return "unknown";
  // Swedish writes ISO dates, which sort and need no explanation.
  return new Intl.DateTimeFormat("sv-SE", {
    timeZone,
    dateStyle: "short",
    timeStyle: "medium",
  }).format(date);
}

/** The zone with its distance from UTC at that moment: "Europe/Berlin (GMT+1)". */
export function zoneName(timeZone: string, now: number): string {
  if (timeZone === "UTC") return "UTC";
  const parts = new Intl.DateTimeFormat("en", { timeZone, timeZoneName: "shortOffset" });
  const offset = parts.formatToParts(now).find((part) => part.type === "timeZoneName")?.value;
  return offset === undefined ? timeZone : `${timeZone} (${offset})`;
}

/** Time from one event to another: "+0 s", "+12 s", "−3 s" where the clocks disagree. */
export function offsetFrom(start: number, moment: number): string {
  const distance = moment - start;
  return `${distance < 0 ? "−" : "+"}${distance === 0 ? "0 s" : duration(Math.abs(distance) * 1000)}`;
}
