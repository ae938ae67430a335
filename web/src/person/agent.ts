// A browser's own description in words people know.

// In this order: most browsers also claim to be the ones beneath them.
const browsers: [RegExp, string][] = [
  [/Edg\//u, 'Edge'],
  [/OPR\//u, 'Opera'],
  [/Firefox\//u, 'Firefox'],
  [/Chrome\/|Chromium\/|CriOS\//u, 'Chrome'],
  [/Safari\//u, 'Safari'],
];

const systems: [RegExp, string][] = [
  [/iPhone|iPad/u, 'iOS'],
  [/Android/u, 'Android'],
  [/Windows/u, 'Windows'],
  [/Mac OS X|Macintosh/u, 'macOS'],
  [/Linux|X11/u, 'Linux'],
];

const first = (table: [RegExp, string][], agent: string) => table.find(([sign]) => sign.test(agent))?.[1];

/** "Firefox on Linux"; a program that says something else is quoted by its first word. */
export function agentWords(agent: string | null): string {
  if (!agent) return 'Unknown program';
  const browser = first(browsers, agent);
  const system = first(systems, agent);
  if (browser === undefined) return agent.split(/\s/u)[0] ?? agent;
  return system === undefined ? browser : `${browser} on ${system}`;
}
