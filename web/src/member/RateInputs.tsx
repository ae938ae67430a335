// Rates as lines of a form: how many, of what, and in which span.
import type { UseFormReturnType } from '@mantine/form';
import { LimitLines } from './LimitLines';
import { anotherRate, MOST_RATES, type RateFields } from './rate';

/** The largest that is paced exactly. */
const MOST = 1_000_000_000;
const FIELDS = { figure: 'limit', metric: 'metric', span: 'per' };
const SPANS = [
  { value: 'second', label: 'a second' },
  { value: 'minute', label: 'a minute' },
];

export function RateInputs({ form }: { form: UseFormReturnType<RateFields> }) {
  const { rates } = form.values;
  return (
    <LimitLines
      noun="rate"
      span="span"
      description="How fast they may call, over all keys they use. A figure is also the most at once."
      lines={rates.map((line) => ({ id: line.id, name: `rate of ${line.metric} a ${line.per}`, spans: SPANS }))}
      most={MOST_RATES}
      max={MOST}
      input={(place, field) => form.getInputProps(`rates.${place}.${FIELDS[field]}`)}
      onAdd={() => form.insertListItem('rates', anotherRate(rates))}
      onRemove={(place) => form.removeListItem('rates', place)}
    />
  );
}
