/** Many signals, few calls: the first at once, the rest gathered into one call per `gap` milliseconds. */
export function coalesce(call: () => void, gap: number): { signal: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pending = false;
  const rest = () => {
    timer = undefined;
    if (!pending) return;
    pending = false;
    run();
  };
  const run = () => {
    timer = setTimeout(rest, gap);
    call();
  };
  return {
    signal: () => {
      if (timer === undefined) run();
      else pending = true;
    },
    stop: () => {
      clearTimeout(timer);
      pending = false;
    },
  };
}
