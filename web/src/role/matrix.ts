// What a role allows, by module: all of it, some of it, only looking, or nothing.
import type { Module } from '../api/nouns';

/** A role's permissions as they are kept: whole modules, and single permissions beside them. */
export type Held = { all: readonly string[]; permissions: readonly string[] };

export type Level = 'all' | 'some' | 'view' | 'none';

export const LEVELS: Record<Level, string> = { all: 'All', some: 'Some', view: 'Only view', none: 'Nothing' };

const namesOf = (module: Module) => module.permissions.map(({ permission }) => permission);
/** What one can do in a module beside looking. */
export const operationsOf = (module: Module) => namesOf(module).filter((name) => name !== module.view);

export function levelOf(held: Held, module: Module): Level {
  if (held.all.includes(module.module)) return 'all';
  const some = operationsOf(module).some((name) => held.permissions.includes(name));
  if (some) return 'some';
  return held.permissions.includes(module.view) ? 'view' : 'none';
}

/** The levels one can choose. Every role sees keys; "some" is what single permissions make of it. */
export function choicesOf(module: Module, level: Level, first: string): Level[] {
  const choices: Level[] = level === 'some' ? ['all', 'some', 'view'] : ['all', 'view'];
  return module.module === first ? choices : [...choices, 'none'];
}

/** The role with another level in a module. "Some" starts from what a whole module held. */
export function withLevel<Role extends Held>(role: Role, module: Module, level: Level): Role {
  const rest = role.permissions.filter((name) => !namesOf(module).includes(name));
  const all = role.all.filter((name) => name !== module.module);
  if (level === 'all') return { ...role, all: [...all, module.module], permissions: rest };
  if (level === 'some') return { ...role, all, permissions: [...rest, ...namesOf(module)] };
  return { ...role, all, permissions: level === 'view' ? [...rest, module.view] : rest };
}

/** The role with one permission more or less. Who may change something sees it, and who may not look changes nothing. */
export function toggled<Role extends Held>(role: Role, module: Module, permission: string): Role {
  const whole = role.all.includes(module.module);
  const before = whole ? [...role.permissions, ...namesOf(module)] : role.permissions;
  const all = role.all.filter((name) => name !== module.module);
  const isOn = before.includes(permission);
  if (isOn && permission === module.view) return withLevel({ ...role, all }, module, 'none');
  const permissions = isOn
    ? before.filter((name) => name !== permission)
    : [...new Set([...before, module.view, permission])];
  return { ...role, all, permissions };
}

/** Everything it allows, in the order of the modules. */
export const allowedBy = (held: Held, modules: readonly Module[]): string[] =>
  modules.flatMap((module) =>
    namesOf(module).filter((name) => held.all.includes(module.module) || held.permissions.includes(name)),
  );

/** The cell of the matrix: "All", "2 of 5", "View", or null for nothing. */
export function cellOf(held: Held, module: Module): string | null {
  const level = levelOf(held, module);
  if (level === 'none') return null;
  return level === 'all' ? 'All' : level === 'view' ? 'View' : countOf(held, module);
}

/** "2 of 5": how many of a module's operations. */
function countOf(held: Held, module: Module): string {
  const operations = operationsOf(module);
  return `${operations.filter((name) => held.permissions.includes(name)).length} of ${operations.length}`;
}

/** The line under a module's name in the editor. */
export function lineOf(held: Held, module: Module): string {
  const level = levelOf(held, module);
  if (level === 'all') return 'Everything, also what later versions add';
  if (level === 'some') return `View and ${countOf(held, module)} operations`;
  return level === 'view' ? 'Look, and change nothing' : 'Not even looking';
}

/** What is won and lost from one set to another. */
export function difference(before: readonly string[], after: readonly string[]): { wins: string[]; loses: string[] } {
  return {
    wins: after.filter((name) => !before.includes(name)),
    loses: before.filter((name) => !after.includes(name)),
  };
}
