// Adds many entries at once: one a line, each with what is wrong with it.
import { Button, Group, List, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { plural } from '../ui/format';
import { Notice } from '../ui/notice';
import { Why } from '../ui/why';
import { ENTRY_LIMIT, type Added, type Kind } from './allowlist';
import { readLines } from './lines';
import { WORDS } from './words';

const MOST_PROBLEMS = 8;

type PasteProps = {
  kind: Kind;
  opened: boolean;
  close: () => void;
  add: (entries: Added[]) => void;
};

export function PasteEntries({ kind, opened, close, add }: PasteProps) {
  return (
    <Modal opened={opened} onClose={close} title={`Add ${kind}`} size={520}>
      <PasteForm kind={kind} close={close} add={add} />
    </Modal>
  );
}

function PasteForm({ kind, close, add }: Omit<PasteProps, 'opened'>) {
  const [text, setText] = useState('');
  const { entries, problems } = readLines(kind, text);
  const why =
    problems.length > 0
      ? `${plural(problems.length, 'line')} cannot be added: correct ${problems.length === 1 ? 'it' : 'them'} first`
      : entries.length === 0
        ? 'Write a line first'
        : entries.length > ENTRY_LIMIT
          ? `A list has at most ${ENTRY_LIMIT} entries`
          : null;
  const count = plural(entries.length, 'entry', 'entries');
  return (
    <Stack gap="md">
      <Textarea
        label="One a line"
        description="A note may follow behind a space"
        placeholder={WORDS[kind].example}
        autosize
        minRows={6}
        maxRows={14}
        data-autofocus
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
      />
      {problems.length > 0 && (
        <Notice kind="bad">
          <List size="sm" spacing={2} listStyleType="none" c="inherit">
            {problems.slice(0, MOST_PROBLEMS).map(({ line, text: entry, problem }) => (
              <List.Item key={line}>
                Line {line}: <b>{entry}</b> {problem}
              </List.Item>
            ))}
            {problems.length > MOST_PROBLEMS && <List.Item>and {problems.length - MOST_PROBLEMS} more</List.Item>}
          </List>
        </Notice>
      )}
      <Text size="xs" c="dimmed">
        They join the list as a draft; nothing changes before you save it.
      </Text>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Why why={why}>
          <Button
            onClick={() => {
              add(entries);
              close();
            }}
          >
            {entries.length > 0 ? `Add ${count}` : 'Add'}
          </Button>
        </Why>
      </Group>
    </Stack>
  );
}
