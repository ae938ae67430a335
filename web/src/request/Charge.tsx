// What a call costs, in the unit that its quota counts.
import { Text } from '@mantine/core';
import type { RequestRow } from '../api/nouns';
import { compact, int } from '../ui/format';
import { chargeOf } from './verdict';

/** Credits where a call costs more of them than requests, else requests; both stand in the tooltip. */
export function Charge({ call, size = 'sm' }: { call: RequestRow; size?: 'xs' | 'sm' }) {
  const { requests, credits } = chargeOf(call);
  if (requests === 0 && credits === 0)
    return (
      <Text span size={size} c="dimmed">
        0
      </Text>
    );
  const inCredits = credits > requests;
  const amount = inCredits ? credits : requests;
  return (
    <Text span size={size} title={`${int(requests)} requests, ${int(credits)} credits`}>
      {amount > 99_999 ? compact(amount) : int(amount)} {inCredits ? 'cr' : 'req'}
    </Text>
  );
}
