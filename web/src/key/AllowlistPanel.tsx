// One list: its mode, its entries with notes, and where new ones are added.
import { ActionIcon, Badge, Box, Button, Group, SegmentedControl, Text, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowBackUp, IconList, IconShieldHalf, IconX } from '@tabler/icons-react';
import type { Allowlist } from '../api/nouns';
import { Empty } from '../ui/empty';
import { plural } from '../ui/format';
import { Mono } from '../ui/mono';
import { Notice } from '../ui/notice';
import { Panel } from '../ui/panel';
import { Why } from '../ui/why';
import { AddEntry } from './AddEntry';
import { PasteEntries } from './PasteEntries';
import { add, putBack, takeOff, type Draft, type Entry, type Kind } from './allowlist';
import type { Flaw } from './useLists';

const WORDS = {
  addresses: {
    title: 'Addresses',
    hint: 'Only these may call',
    off: 'Calls may come from any address. Name those of your servers, then choose Enforce.',
  },
  domains: {
    title: 'Domains',
    hint: 'Stops browsers, not programs',
    off: 'Pages of any domain may call. Name those of your web pages, then choose Enforce.',
  },
} as const;

type ListProps = {
  kind: Kind;
  saved: Allowlist;
  draft: Draft;
  onChange: (draft: Draft) => void;
  flaw: Flaw | null;
  why: string | null;
};

export function AllowlistPanel({ kind, saved, draft, onChange, flaw, why }: ListProps) {
  const [pasting, paste] = useDisclosure();
  const { title, hint, off } = WORDS[kind];
  const kept = draft.entries.filter(({ isGone }) => !isGone).length;
  const actions = (
    <>
      {draft.mode !== saved.mode && (
        <Badge color="amber" variant="light" c="var(--kw-observed-text)">
          was {saved.mode}
        </Badge>
      )}
      <Why why={why}>
        <Button variant="subtle" color="gray" leftSection={<IconList size={15} />} onClick={paste.open}>
          Paste many…
        </Button>
      </Why>
      <Tooltip label={why} disabled={why === null}>
        <Box>
          <SegmentedControl
            aria-label={`${title}: mode`}
            color={draft.mode === 'enforce' ? 'petrol.7' : undefined}
            disabled={why !== null}
            value={draft.mode}
            onChange={(mode) => onChange({ ...draft, mode: mode === 'enforce' ? 'enforce' : 'off' })}
            data={[
              { value: 'off', label: 'Off' },
              { value: 'enforce', label: 'Enforce' },
            ]}
          />
        </Box>
      </Tooltip>
    </>
  );
  return (
    <Panel title={title} hint={hint} actions={actions} flush>
      {draft.mode === 'enforce' && kept === 0 && (
        <Box px="lg" py="sm">
          <Notice kind="info">An empty list is open: nothing is denied until it has an entry.</Notice>
        </Box>
      )}
      {draft.entries.length === 0 && draft.mode === 'off' && (
        <Empty icon={<IconShieldHalf size={20} />} title="This list is off">
          {off}
        </Empty>
      )}
      {draft.entries.map((entry, i) => (
        <EntryRow
          first={i === 0}
          key={entry.value}
          entry={entry}
          flaw={flaw?.value === entry.value ? flaw.detail : null}
          why={why}
          takeOff={() => onChange(takeOff(draft, entry.value))}
          putBack={() => onChange(putBack(draft, entry.value))}
        />
      ))}
      {why === null && <AddEntry kind={kind} known={draft.entries} add={(entry) => onChange(add(draft, [entry]))} />}
      {draft.mode === 'off' && kept > 0 && (
        <Box px="lg" py="sm" style={{ borderTop: '1px solid var(--kw-hairline)' }}>
          <Text size="xs" c="dimmed">
            The list is off: its {plural(kept, 'entry', 'entries')} {kept === 1 ? 'denies' : 'deny'} nothing.
          </Text>
        </Box>
      )}
      <PasteEntries kind={kind} opened={pasting} close={paste.close} add={(entries) => onChange(add(draft, entries))} />
    </Panel>
  );
}

type RowProps = {
  first: boolean;
  entry: Entry;
  flaw: string | null;
  why: string | null;
  takeOff: () => void;
  putBack: () => void;
};

function EntryRow({ first, entry: { value, note, isNew, isGone }, flaw, why, takeOff: off, putBack: back }: RowProps) {
  const wash = isGone || flaw ? 'var(--kw-denied-wash)' : isNew ? 'var(--kw-good-wash)' : undefined;
  return (
    <Group
      px="lg"
      py={7}
      gap="md"
      wrap="nowrap"
      justify="space-between"
      bg={wash}
      style={{ borderTop: first ? undefined : '1px solid var(--kw-hairline)' }}
    >
      <Group gap="2px 16px" flex={1} miw={0}>
        <Text
          component={isGone ? 's' : 'span'}
          td={isGone ? 'line-through' : undefined}
          c={isGone ? 'var(--kw-denied-text)' : undefined}
          w={{ base: '100%', sm: 300 }}
          inherit
          style={{ overflowWrap: 'anywhere' }}
        >
          <Mono>{value}</Mono>
        </Text>
        {note && (
          <Text span size="sm" c="dimmed">
            {note}
          </Text>
        )}
        {flaw && (
          <Text span size="sm" c="var(--kw-denied-text)" role="alert">
            {flaw}
          </Text>
        )}
        {isNew && !flaw && (
          <Text span size="xs" c="var(--kw-good-text)">
            added
          </Text>
        )}
      </Group>
      {isGone ? (
        <Tooltip label="Put back">
          <ActionIcon aria-label={`Put ${value} back`} onClick={back}>
            <IconArrowBackUp size={15} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <Why why={why}>
          <ActionIcon aria-label={`Take ${value} off`} onClick={off}>
            <IconX size={15} />
          </ActionIcon>
        </Why>
      )}
    </Group>
  );
}
