// The decision in steps, as the gateway took them; what it did not look at any more is one line.
import type { RequestRow } from '../api/nouns';

export type Step = { name: string; result: 'passed' | 'denied' | 'skipped'; detail: string };

/** Several skipped steps in a row become one that names them. */
export function foldSteps(steps: RequestRow['steps']): Step[] {
  const runs: Step[][] = [];
  for (const { step, result, detail } of steps) {
    const last = runs.at(-1);
    const told = { name: title(step), result, detail };
    if (last?.[0]?.result === 'skipped' && result === 'skipped') last.push(told);
    else runs.push([told]);
  }
  return runs.flatMap((run) =>
    run.length === 1
      ? run
      : [
          {
            name: 'The rest',
            result: 'skipped' as const,
            detail: `${run.map(({ name }) => inSentence(name)).join(', ')}: not looked at`,
          },
        ],
  );
}

/** An abbreviation keeps its capitals inside a sentence. */
const inSentence = (name: string) => (/^[A-Z]{2}/.test(name) ? name : name.toLowerCase());

/** rate_limit → Rate limit */
function title(step: string): string {
  const words = step.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
