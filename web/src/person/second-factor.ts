// The second factor of who is signed in: what is asked of the API, and when a form has to ask for a code.
import { queryOptions } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, client, problemOf, Refusal } from '../api/client';

export const secondFactorQuery = queryOptions({
  queryKey: ['second-factor'],
  queryFn: () => answer(client.GET('/me/second-factor')),
});

/** Awaits what was asked with a password or a code; a wrong one is said at its field. */
export const proven = <T>(asked: Promise<T>): Promise<T> => asked.catch((refusal: unknown) => Promise.reject(atItsField(refusal)));

function atItsField(refusal: unknown): unknown {
  const problem = problemOf(refusal);
  const field = problem.code === 'wrong_credentials' ? 'password' : problem.code === 'wrong_code' ? 'code' : null;
  if (field === null) return refusal;
  const detail = field === 'code' ? problem.detail : 'This is not your password.';
  return new Refusal({ ...problem, field, detail, hint: field === 'code' ? problem.hint : undefined });
}

/** Sends a form that needs a code only of some: `isAsked` once the API wants one. */
export function useSecondStep() {
  const [isAsked, setAsked] = useState(false);
  const run = async (send: () => Promise<void>) => {
    try {
      await send();
    } catch (refusal) {
      if (problemOf(refusal).code === 'second_factor_needed') setAsked(true);
      else throw problemOf(refusal).code === 'wrong_code' ? atItsField(refusal) : refusal;
    }
  };
  return { isAsked, run, back: () => setAsked(false) };
}
