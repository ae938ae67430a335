// One entry of a list: what it allows, why it stands there, and when it ends.
import { ActionIcon, Group, Text, TextInput, Tooltip } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconArrowBackUp, IconCheck, IconPencil, IconX } from '@tabler/icons-react';
import { Mono } from '../ui/mono';
import { useNow } from '../ui/now';
import { dayAndClock } from '../ui/time';
import { Why } from '../ui/why';
import { endOf, lastDayOf, NOTE_LIMIT, type Added, type Entry } from './allowlist';

type RowProps = {
  first: boolean;
  entry: Entry;
  flaw: string | null;
  why: string | null;
  edit: (entry: Added) => void;
  takeOff: () => void;
  putBack: () => void;
};

export function EntryRow({ first, entry, flaw, why, edit, takeOff, putBack }: RowProps) {
  const [editing, { toggle }] = useDisclosure();
  const { value, isNew, isGone } = entry;
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
          w={{ base: '100%', sm: 360 }}
          inherit
          style={{ overflowWrap: 'anywhere' }}
        >
          <Mono>{value}</Mono>
        </Text>
        {editing && !isGone ? <Fields entry={entry} edit={edit} /> : <Facts entry={entry} flaw={flaw} />}
      </Group>
      {isGone ? (
        <Tooltip label="Put back">
          <ActionIcon aria-label={`Put ${value} back`} onClick={putBack}>
            <IconArrowBackUp size={15} />
          </ActionIcon>
        </Tooltip>
      ) : (
        <Group gap={2} wrap="nowrap">
          <Why why={why}>
            <ActionIcon aria-label={editing ? `Done with ${value}` : `Edit ${value}`} onClick={toggle}>
              {editing ? <IconCheck size={15} /> : <IconPencil size={15} />}
            </ActionIcon>
          </Why>
          <Why why={why}>
            <ActionIcon aria-label={`Take ${value} off`} onClick={takeOff}>
              <IconX size={15} />
            </ActionIcon>
          </Why>
        </Group>
      )}
    </Group>
  );
}

function Facts({ entry: { note, until, isNew, isEdited, isGone }, flaw }: { entry: Entry; flaw: string | null }) {
  const now = useNow();
  const isOver = until !== null && Date.parse(until) <= now;
  return (
    <>
      {note && (
        <Text span size="sm" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {note}
        </Text>
      )}
      {until && (
        <Text span size="xs" c={isOver ? 'var(--kw-observed-text)' : 'dimmed'}>
          {isOver ? 'ended' : 'until'} {dayAndClock(until, now)}
        </Text>
      )}
      {flaw && (
        <Text span size="sm" c="var(--kw-denied-text)" role="alert">
          {flaw}
        </Text>
      )}
      {(isNew || isEdited) && !isGone && !flaw && (
        <Text span size="xs" c="var(--kw-good-text)">
          {isNew ? 'added' : 'changed'}
        </Text>
      )}
    </>
  );
}

function Fields({ entry: { value, note, until }, edit }: { entry: Entry; edit: (entry: Added) => void }) {
  return (
    <Group gap="xs" wrap="nowrap" flex={1} miw={0}>
      <TextInput
        flex={1}
        miw={0}
        aria-label={`Note on ${value}`}
        placeholder="Note"
        maxLength={NOTE_LIMIT}
        value={note ?? ''}
        onChange={(event) => edit({ value, note: event.currentTarget.value || null, until })}
      />
      <TextInput
        w={150}
        type="date"
        aria-label={`Last day of ${value}`}
        value={lastDayOf(until)}
        onChange={(event) => edit({ value, note, until: endOf(event.currentTarget.value) })}
      />
    </Group>
  );
}
