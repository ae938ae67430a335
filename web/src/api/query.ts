// The cache of what the API answered.
import { QueryCache, QueryClient } from '@tanstack/react-query';
import { Refusal } from './client';

const FRESH_MS = 15_000;
const MOST_RETRIES = 2;
const FIRST_SERVER_ERROR = 500;

/** A refusal stays a refusal; only a lost connection or a failing server is worth another try. */
function isWorthRetrying(error: unknown): boolean {
  return error instanceof Refusal && (error.problem.status === 0 || error.problem.status >= FIRST_SERVER_ERROR);
}

/** Suspended while one looks: who one is and what one may do is asked for anew, and the shell says so. */
function onRefusal(error: unknown) {
  if (error instanceof Refusal && ['member_suspended', 'member_ended'].includes(error.code)) void queryClient.invalidateQueries({ queryKey: ['me'] });
}

export const queryClient = new QueryClient({
  queryCache: new QueryCache({ onError: onRefusal }),
  defaultOptions: {
    queries: { staleTime: FRESH_MS, retry: (count, error) => count < MOST_RETRIES && isWorthRetrying(error) },
  },
});
