// Caps as lines of a form: how much, of what, and how often.
import type { UseFormReturnType } from '@mantine/form';
import { perPeriod } from '../ui/format';
import { anotherLine, MOST_CAPS, periodsOf, type CapFields } from './cap';
import { LimitLines } from './LimitLines';

const MOST = 1_000_000_000_000;
const FIELDS = { figure: 'limit', metric: 'metric', span: 'period' };

export function CapInputs({ form }: { form: UseFormReturnType<CapFields> }) {
  const { caps } = form.values;
  return (
    <LimitLines
      noun="cap"
      span="window"
      description="Over all keys this person uses. Without one only the account's limits hold."
      lines={caps.map((line) => ({
        id: line.id,
        name: `cap on ${line.metric} ${perPeriod(line.period)}`,
        spans: periodsOf(line),
      }))}
      most={MOST_CAPS}
      max={MOST}
      input={(place, field) => form.getInputProps(`caps.${place}.${FIELDS[field]}`)}
      onAdd={() => form.insertListItem('caps', anotherLine(caps))}
      onRemove={(place) => form.removeListItem('caps', place)}
    />
  );
}
