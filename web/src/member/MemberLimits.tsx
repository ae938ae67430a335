// A member's own limits in a narrow cell: the cap that stops them first, then how many more there are, and their rates.
import { Text } from '@mantine/core';
import type { Member } from '../api/nouns';
import { plural, rateWords } from '../ui/format';
import { CapBar } from './CapBar';

export function MemberLimits({ member: { caps, rates, name } }: { member: Member }) {
  const further = [...(caps.length > 1 ? [plural(caps.length - 1, 'more cap', 'more caps')] : []), ...rates.map(rateWords)];
  return (
    <>
      {(caps.length > 0 || rates.length === 0) && <CapBar caps={caps} name={name} />}
      {further.map((words) => (
        <Text key={words} size="xs" c="dimmed" mt={2}>
          {words}
        </Text>
      ))}
    </>
  );
}
