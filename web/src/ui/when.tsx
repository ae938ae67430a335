// A moment in the reader's zone: relative within a day, a date after it, UTC on hover.
import { Text, Tooltip } from '@mantine/core';
import { clock, dayAndClock, relative, utc } from './time';
import { useNow } from './now';

type WhenProps = { at: string; as?: 'relative' | 'clock' | 'day' };

export function When({ at, as = 'relative' }: WhenProps) {
  const now = useNow();
  const text = as === 'clock' ? clock(at) : as === 'day' ? dayAndClock(at, now) : relative(at, now);
  return (
    <Tooltip label={utc(at)}>
      <Text component="time" dateTime={at} inherit style={{ whiteSpace: 'nowrap' }}>
        {text}
      </Text>
    </Tooltip>
  );
}
