// Narrows a trail: by whom, about what, to which id, and when.
import { Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { useState } from 'react';
import type { Choice } from '../member/choice';
import { MemberSelect } from '../member/MemberSelect';
import { NOUNS, type TrailField, type TrailFilter } from './trail';

/** By whom one can ask: nobody in particular, the operator, or each member too. */
export type People = 'nobody' | 'operator' | 'members';

const OPERATOR: readonly Choice[] = [{ value: 'operator', label: 'Operator' }];

const TYPING_MS = 300;
const LONGEST_ID = 80;
/** What a browser's field for a moment takes: `2026-11-22T09:30`. */
const LOCAL_MINUTES = 16;

const narrow = { flex: '1 1 130px', maw: 220 };

const who = { label: 'Who', placeholder: 'Everybody', ...narrow, clearable: true };

type FiltersProps = {
  filter: TrailFilter;
  people: People;
  change: (part: Partial<Record<TrailField, string | undefined>>) => void;
};

export function TrailFilters({ filter, people, change }: FiltersProps) {
  return (
    <Group gap="xs" align="end" flex="1 1 600px">
      {people === 'operator' && (
        <Select {...who} data={[...OPERATOR]} value={filter.by ?? null} onChange={(by) => change({ by: by ?? undefined })} />
      )}
      {people === 'members' && (
        <MemberSelect {...who} others={OPERATOR} value={filter.by ?? null} onChange={(by) => change({ by: by ?? undefined })} />
      )}
      <Select
        label="About"
        placeholder="Everything"
        {...narrow}
        clearable
        searchable
        data={withExact(filter.action)}
        value={filter.action ?? null}
        onChange={(action) => change({ action: action ?? undefined })}
      />
      <SubjectInput key={filter.subject ?? ''} subject={filter.subject} change={(subject) => change({ subject })} />
      <MomentInput label="From" at={filter.since} change={(since) => change({ since })} />
      <MomentInput label="Until" at={filter.until} change={(until) => change({ until })} />
    </Group>
  );
}

/** An address may name one action, `key.edit`: then it is offered too. */
function withExact(action: string | undefined): Choice[] {
  const nouns: Choice[] = [...NOUNS];
  return action === undefined || nouns.some(({ value }) => value === action) ? nouns : [{ value: action, label: action }, ...nouns];
}

function SubjectInput({ subject, change }: { subject: string | undefined; change: (subject: string | undefined) => void }) {
  const [typed, setTyped] = useState(subject ?? '');
  const settle = useDebouncedCallback((next: string) => change(next.trim() || undefined), TYPING_MS);
  return (
    <TextInput
      label="Id"
      placeholder="key_…, mem_…"
      {...narrow}
      maxLength={LONGEST_ID}
      value={typed}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value);
        settle(value);
      }}
    />
  );
}

/** A moment in the reader's own zone; the address holds it in UTC. */
function MomentInput({ label, at, change }: { label: string; at: string | undefined; change: (at: string | undefined) => void }) {
  return (
    <TextInput
      label={label}
      type="datetime-local"
      flex="1 0 186px"
      maw={220}
      value={at === undefined ? '' : local(at)}
      onChange={({ currentTarget: { value } }) => {
        const moment = new Date(value);
        change(Number.isNaN(moment.getTime()) ? undefined : moment.toISOString());
      }}
    />
  );
}

function local(at: string): string {
  const moment = new Date(at);
  if (Number.isNaN(moment.getTime())) return '';
  const shifted = new Date(moment.getTime() - moment.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, LOCAL_MINUTES);
}
