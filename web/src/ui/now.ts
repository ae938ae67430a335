// The present moment for everything on the page, moved on every half minute.
import { useSyncExternalStore } from 'react';

const STEP_MS = 30_000;

let present = Date.now();
const watchers = new Set<() => void>();
setInterval(() => {
  present = Date.now();
  for (const tell of watchers) tell();
}, STEP_MS);

const watch = (tell: () => void) => {
  watchers.add(tell);
  return () => watchers.delete(tell);
};

/** Milliseconds since 1970; the component is drawn again as time passes. */
export function useNow(): number {
  return useSyncExternalStore(watch, () => present);
}
