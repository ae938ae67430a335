// Chooses a member by a part of their name or mail address. The server looks through all of them, however many there are.
import { Box, Select, Text, type SelectProps } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAccountId } from '../account/seat';
import type { Member } from '../api/nouns';
import { choicesOf, MORE, searchOf, type Choice } from './choice';
import { memberQuery, memberSearchQuery } from './query';

const TYPING_MS = 200;

type MemberSelectProps = Omit<SelectProps, 'data' | 'value' | 'onChange' | 'searchable' | 'filter' | 'renderOption'> & {
  value: string | null;
  /** The member is there where it is one, and none of `others`. */
  onChange: (id: string | null, member: Member | undefined) => void;
  /** Only who is active can be chosen; the rest say how they stand. */
  activeOnly?: boolean;
  /** Somebody who is not offered. */
  except?: string;
  /** What can be chosen beside members; stands first. */
  others?: readonly Choice[];
};

export function MemberSelect({ value, onChange, activeOnly = false, except, others = [], ...rest }: MemberSelectProps) {
  const account = useAccountId();
  const [typed, setTyped] = useState('');
  const isMember = value !== null && value !== '' && !others.some((other) => other.value === value);
  const { data: chosen } = useQuery({ ...memberQuery(account, value ?? ''), enabled: isMember });
  const text = searchOf(typed, chosen);
  const [q] = useDebouncedValue(text, TYPING_MS);
  const { data: found, isFetching } = useQuery({ ...memberSearchQuery(account, q), placeholderData: keepPreviousData });
  const choices = choicesOf({ found, chosen, text, others, except, activeOnly });
  return (
    <Select
      {...rest}
      searchable
      data={choices}
      // The server has looked already.
      filter={({ options }) => options}
      selectFirstOptionOnChange
      onSearchChange={setTyped}
      nothingFoundMessage={isFetching || q !== text ? 'Searching …' : 'Nobody is called so'}
      value={value}
      onChange={(id) => onChange(id, [...(found?.members ?? []), ...(chosen ? [chosen] : [])].find((member) => member.id === id))}
      renderOption={({ option }) => <ChoiceOption choice={choices.find((choice) => choice.value === option.value)} />}
    />
  );
}

function ChoiceOption({ choice }: { choice: Choice | undefined }) {
  if (!choice) return null;
  return (
    <Box style={{ overflowWrap: 'anywhere' }}>
      <Text span size="sm" c={choice.value === MORE ? 'dimmed' : undefined}>
        {choice.label}
      </Text>
      {choice.why && (
        <Text size="xs" c="dimmed">
          {choice.why}
        </Text>
      )}
    </Box>
  );
}
