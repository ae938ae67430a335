// The spans of time that figures are shown for.
import { SegmentedControl } from '@mantine/core';

const WORDS = { '1h': '1 h', '24h': '24 h', '7d': '7 d', '30d': '30 d' } as const;
const LENGTHS = { '1h': 3_600, '24h': 86_400, '7d': 7 * 86_400, '30d': 30 * 86_400 } as const;

export type Range = keyof typeof WORDS;
export const RANGES = Object.keys(WORDS) as Range[];

export const isRange = (text: unknown): text is Range => RANGES.includes(text as Range);
export const rangeWord = (range: Range) => WORDS[range];
/** Its length in seconds. */
export const rangeLength = (range: Range) => LENGTHS[range];

export function RangeSwitch({ value, onChange }: { value: Range; onChange: (range: Range) => void }) {
  const data = RANGES.map((range) => ({ value: range, label: WORDS[range] }));
  return (
    <SegmentedControl
      aria-label="Range"
      data={data}
      value={value}
      onChange={(text) => isRange(text) && onChange(text)}
    />
  );
}
