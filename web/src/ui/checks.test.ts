// What a form says before the server is asked.
import { expect, test } from 'vitest';
import { emailProblem, nameProblem, passwordProblem, SHORTEST_PASSWORD } from './checks';

test.each([
  ['Léa Moreau', true],
  ['x'.repeat(80), true],
  ['𝒜'.repeat(80), true],
  ['x'.repeat(81), false],
  ['   ', false],
  ['http://elsewhere.example', false],
])('name %s', (name, fine) => expect(nameProblem(name) === null).toBe(fine));

test.each([
  ['lea@northwind.example', true],
  [' lea@northwind.example ', true],
  ['lea', false],
  ['lea moreau@northwind.example', false],
  ['', false],
])('mail %s', (email, fine) => expect(emailProblem(email) === null).toBe(fine));

test('a short password says how much is missing', () => {
  expect(passwordProblem('x'.repeat(SHORTEST_PASSWORD - 1))).toMatch(/^1 more character:/);
  expect(passwordProblem('x'.repeat(SHORTEST_PASSWORD - 3))).toMatch(/^3 more characters:/);
  expect(passwordProblem('x'.repeat(SHORTEST_PASSWORD))).toBeNull();
});
