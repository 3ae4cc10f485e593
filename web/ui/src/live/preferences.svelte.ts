/** How this reader likes the pages; kept in the browser only. */
export type Theme = "auto" | "light" | "dark";
export type TimeStyle = "relative" | "absolute";

const STORE = "dvmdash.preferences";

interface Saved {
  theme?: Theme;
  timeStyle?: TimeStyle;
  utc?: boolean;
}

class Preferences {
  theme = $state<Theme>("auto");
  timeStyle = $state<TimeStyle>("relative");
  utc = $state(false);
  readonly zone = $derived(this.utc ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone);

  constructor() {
    const saved = read();
    this.theme = saved.theme ?? "auto";
    this.timeStyle = saved.timeStyle ?? "relative";
    this.utc = saved.utc ?? false;
    this.#apply();
  }

  set(changes: Saved): void {
    Object.assign(this, changes);
    this.#apply();
    try {
      const { theme, timeStyle, utc } = this;
      localStorage.setItem(STORE, JSON.stringify({ theme, timeStyle, utc }));
    } catch {
      // A browser that keeps nothing still shows everything.
    }
  }

  #apply(): void {
    if (this.theme === "auto") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = this.theme;
  }
}

function read(): Saved {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? "{}") as Saved;
  } catch {
    return {};
  }
}

export const preferences = new Preferences();
