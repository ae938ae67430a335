// A field that chooses a member looks for what is typed, offers who may be chosen, and says why the others may not.
import { describe, expect, it } from 'vitest';
import type { Member } from '../api/nouns';
import { choicesOf, MORE, searchOf } from './choice';

const member = (id: string, state: Member['state'] = 'active') =>
  ({ id, name: `Name ${id}`, email: `${id}@acme.example`, state }) as Member;
const page = (next: string | null, ...members: Member[]) => ({ members, next });
const asked = { found: undefined, chosen: undefined, text: '', others: [], activeOnly: false };

describe('what is looked for', () => {
  it.each([
    ['  kim ', undefined, 'kim'],
    ['Name a (a@acme.example)', member('a'), ''],
    ['Name a (a@acme.example)', undefined, 'Name a (a@acme.example)'],
    ['x'.repeat(90), undefined, 'x'.repeat(80)],
  ])('%s', (typed, chosen, expected) => expect(searchOf(typed, chosen)).toBe(expected));
});

describe('what is offered', () => {
  const values = (given: Partial<Parameters<typeof choicesOf>[0]>) =>
    choicesOf({ ...asked, ...given }).map(({ value, disabled }) => (disabled ? `(${value})` : value));
  it.each([
    ['nobody, while nothing came', {}, []],
    ['everybody of the page', { found: page(null, member('a'), member('b')) }, ['a', 'b']],
    ['that there are more', { found: page('b', member('a'), member('b')) }, ['a', 'b', `(${MORE})`]],
    ['nobody who is excepted', { found: page(null, member('a'), member('b')), except: 'a' }, ['b']],
    ['who is chosen, also beyond the page', { found: page(null, member('a')), chosen: member('z') }, ['a', 'z']],
    ['who is chosen once', { found: page(null, member('a')), chosen: member('a') }, ['a']],
    ['who is not active, and why not', { found: page(null, member('a', 'suspended')), activeOnly: true }, ['(a)']],
    ['who is not active, where that does not matter', { found: page(null, member('a', 'suspended')) }, ['a']],
    ['nobody who lacks the text', { found: page(null, member('a'), member('b')), chosen: member('z'), text: 'B@acme' }, ['b']],
    ['others that have the text', { text: 'oper', others: [{ value: 'operator', label: 'Operator' }] }, ['operator']],
    ['no others that have not', { text: 'kim', others: [{ value: 'operator', label: 'Operator' }] }, []],
  ])('%s', (_, given, expected) => expect(values(given)).toEqual(expected));
});
