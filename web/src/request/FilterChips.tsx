// The filter as chips: grey name, value, a cross; "Filter" adds one.
import { Group, Pill, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useAccountId } from '../account/seat';
import { memberQuery } from '../member/query';
import { rangeWord } from '../ui/range';
import { useNow } from '../ui/now';
import { dayAndClock } from '../ui/time';
import { AddFilter } from './AddFilter';
import { without, type Field, type RequestFilter } from './filter';
import type { FieldChoice } from './options';

type ChipsProps = { filter: RequestFilter; onFilter: (filter: RequestFilter) => void; choices: readonly FieldChoice[] };

export function FilterChips({ filter, onFilter, choices }: ChipsProps) {
  const now = useNow();
  const take = (field: Field | 'range') => () => onFilter(without(filter, field));
  const moment = (at: string) => dayAndClock(at, now);
  const { after, before, range } = filter;
  return (
    <Group gap={8}>
      {after && before && <Chip name="from" value={`${moment(after)} to ${moment(before)}`} remove={take('after')} />}
      {after && !before && <Chip name="since" value={moment(after)} remove={take('after')} />}
      {before && !after && <Chip name="until" value={moment(before)} remove={take('before')} />}
      {range && !after && !before && <Chip name="last" value={rangeWord(range)} remove={take('range')} />}
      {choices.map(({ field, title, options }) => {
        const value = filter[field];
        if (value === undefined) return null;
        const chip = { name: title.toLowerCase().replace('api', 'API'), remove: take(field) };
        if (options === 'members') return <MemberChip key={field} {...chip} member={value} />;
        return <Chip key={field} {...chip} value={options?.find((option) => option.value === value)?.label ?? value} />;
      })}
      <AddFilter filter={filter} onFilter={onFilter} choices={choices} />
    </Group>
  );
}

function MemberChip({ member, ...chip }: { name: string; member: string; remove: () => void }) {
  const { data } = useQuery(memberQuery(useAccountId(), member));
  return <Chip {...chip} value={data?.name ?? member} />;
}

function Chip({ name, value, remove }: { name: string; value: string; remove: () => void }) {
  const label = `Remove the filter ${name} ${value}`;
  return (
    <Pill
      size="md"
      h={30}
      withRemoveButton
      onRemove={remove}
      removeButtonProps={{ 'aria-label': label, tabIndex: 0, 'aria-hidden': false }}
      bg="var(--mantine-color-body)"
      bd="1px solid var(--mantine-color-default-border)"
    >
      <Text span size="sm" c="dimmed">
        {name}{' '}
      </Text>
      <Text span size="sm" fw={560}>
        {value}
      </Text>
    </Pill>
  );
}
