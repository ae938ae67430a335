// What a field offers in which a member is chosen, and what it asks the server for.
import type { Member } from '../api/nouns';

/** `why`: why it cannot be chosen. */
export type Choice = { value: string; label: string; disabled?: boolean; why?: string };

/** The value of the line that tells of further members; it cannot be chosen. */
export const MORE = 'more';
/** The longest text that the API looks for. */
const MOST_LETTERS = 80;

export const labelOf = ({ name, email }: Pick<Member, 'name' | 'email'>) => `${name} (${email})`;

/** What is looked for: nothing while the field says who is chosen. */
export function searchOf(typed: string, chosen: Member | undefined): string {
  const text = typed.trim();
  return chosen && text === labelOf(chosen) ? '' : [...text].slice(0, MOST_LETTERS).join('');
}

type Asked = {
  found: { members: readonly Member[]; next: string | null } | undefined;
  chosen: Member | undefined;
  /** What is looked for by now; what was found may be of a text before it. */
  text: string;
  others: readonly Choice[];
  except?: string;
  activeOnly: boolean;
};

/** Nothing that lacks the text: Enter takes the first, also before the server has answered. Who is chosen is there from the start. */
export function choicesOf({ found, chosen, text, others, except, activeOnly }: Asked): Choice[] {
  const members = (found?.members ?? []).filter(({ id }) => id !== except);
  const beyond = chosen && !members.some(({ id }) => id === chosen.id) ? [chosen] : [];
  const has = ({ label }: Choice) => label.toLowerCase().includes(text.toLowerCase());
  const more: Choice[] = found?.next ? [{ value: MORE, label: 'Type a name or an address to find others', disabled: true }] : [];
  const offered = [...members, ...beyond].map((member) => choiceOf(member, activeOnly));
  return [...[...others, ...offered].filter(has), ...more];
}

function choiceOf(member: Member, activeOnly: boolean): Choice {
  const { id, state } = member;
  const choice = { value: id, label: labelOf(member) };
  return activeOnly && state !== 'active' ? { ...choice, disabled: true, why: WHY_NOT[state] } : choice;
}

const WHY_NOT: Record<Exclude<Member['state'], 'active'>, string> = {
  pending: 'Has not accepted the invitation yet',
  suspended: 'Is suspended',
  ended: 'The seat has come to its end',
  removed: 'Was removed',
};
