/** The browser's address as state, and the one way to change it. */
class CurrentLocation {
  url = $state(new URL(location.href));

  /** Go to a path of ours; `replace` leaves no step in the history. */
  go(to: string, options: { replace?: boolean } = {}): void {
    const next = new URL(to, location.href);
    history[options.replace ? "replaceState" : "pushState"](null, "", next);
    const moved = next.pathname !== this.url.pathname || next.search !== this.url.search;
    this.url = next;
    if (moved && !options.replace) scrollTo(0, 0);
    if (next.hash !== "") revealHash(next.hash);
  }

  /** Set or clear parameters of the address in place; null clears. */
  setParameters(changes: Record<string, string | null>): void {
    const next = new URL(this.url);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null) next.searchParams.delete(name);
      else next.searchParams.set(name, value);
    }
    history.replaceState(null, "", next);
    this.url = next;
  }
}

export const here = new CurrentLocation();

/** Let ordinary links to our own pages change the address without loading the page anew. */
export function followOwnLinks(): void {
  addEventListener("popstate", () => (here.url = new URL(location.href)));
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest("a") : null;
    if (link === null || !isPlainClick(event) || !leadsToOurPage(link)) return;
    event.preventDefault();
    here.go(link.href);
  });
}

function isPlainClick(event: MouseEvent): boolean {
  const modified = event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;
  return event.button === 0 && !modified && !event.defaultPrevented;
}

function leadsToOurPage(link: HTMLAnchorElement): boolean {
  const served = link.pathname.startsWith("/graphql") || link.hasAttribute("download");
  return link.origin === location.origin && link.target === "" && !served;
}

function revealHash(hash: string): void {
  requestAnimationFrame(() =>
    document.getElementById(decodeURIComponent(hash.slice(1)))?.scrollIntoView(),
  );
}
