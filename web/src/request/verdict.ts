// What became of a call, in one of five words, and in a sentence.
import type { RequestRow } from '../api/nouns';

/** `observed`: allowed, but a list that is merely observed would have denied it. `open`: still running. The other words are those of colours and shapes. */
export type Verdict = 'allowed' | 'observed' | 'denied' | 'failed' | 'open';

/** The outcomes of the API, in the words of this page. */
export const OUTCOMES = {
  answered: 'Allowed',
  denied: 'Denied',
  failed: 'Failed upstream',
  abandoned: 'Caller left',
  unknown: 'Not known',
} as const;
export type Outcome = keyof typeof OUTCOMES;

type Ended = Pick<RequestRow, 'outcome' | 'state' | 'denial' | 'observed'>;

export function verdictOf(row: Ended): Verdict {
  if (row.outcome === 'denied') return 'denied';
  if (row.state === 'cut' || row.outcome === 'failed' || row.outcome === 'unknown' || row.state === 'unknown')
    return 'failed';
  if (row.state === 'open') return 'open';
  return row.observed.length > 0 ? 'observed' : 'allowed';
}

/** The word in the table: a code where there is one, so that people can search for it. */
export function wordOf(row: Ended): string {
  if (row.denial) return row.denial;
  if (row.state === 'cut') return 'Cut off';
  if (row.state === 'open') return 'Running';
  if (row.observed.length > 0 && row.outcome === 'answered') return 'Would be denied';
  return row.outcome ? OUTCOMES[row.outcome] : OUTCOMES.unknown;
}

/** One sentence for the head of the drawer. */
export function sentenceOf(row: RequestRow): string {
  if (row.denial_sentence) return row.outcome === 'denied' ? `Denied: ${row.denial_sentence}` : row.denial_sentence;
  if (row.outcome === 'denied') return `Denied: ${row.denial ?? 'no reason was kept'}`;
  if (row.state === 'cut') return 'Allowed, then cut off: its value was stopped while the answer was on its way';
  if (row.state === 'open') return 'Allowed and still running';
  if (row.state === 'unknown') return 'Allowed; the node stopped before the end was known';
  if (row.outcome === 'failed') return `Allowed, but ${row.api} did not answer as it should`;
  if (row.outcome === 'abandoned') return 'Allowed; the caller left before the end';
  if (row.observed.length > 0) return `Allowed, but ${listsOf(row)} would have denied it`;
  return `Allowed and answered with ${row.status}`;
}

/** The lists that would have denied it: "the list of methods", "the lists of addresses and domains". */
export const listsOf = ({ observed }: Pick<RequestRow, 'observed'>) =>
  observed.length === 1 ? `the list of ${observed[0]}` : `the lists of ${andOf(observed)}`;

const andOf = (words: readonly string[]) => `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;

/** What is paid for it in the end. */
export const chargeOf = (row: Pick<RequestRow, 'requests' | 'credits' | 'refunded_requests' | 'refunded_credits'>) => ({
  requests: row.requests - row.refunded_requests,
  credits: row.credits - row.refunded_credits,
});
