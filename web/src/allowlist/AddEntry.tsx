// The line beneath a list where one entry is added.
import { ActionIcon, Group, Text, TextInput, Tooltip } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { endOf, ENTRY_LIMIT, NOTE_LIMIT, type Added, type Entry, type Kind } from './allowlist';
import { inOneForm, problemOf } from './lines';
import { WORDS } from './words';

type AddProps = { kind: Kind; known: readonly Entry[]; add: (entry: Added) => void };

/** Why the text does not join the list; none where it does. */
function refusal(kind: Kind, text: string, known: readonly Entry[]): string | null {
  if (text === '') return 'Write an entry first';
  const wrong =
    problemOf(kind, text) ??
    (known.some((entry) => entry.value === text && !entry.isGone)
      ? 'is in the list'
      : known.length >= ENTRY_LIMIT
        ? `does not fit: a list has at most ${ENTRY_LIMIT} entries`
        : null);
  return wrong && `${text} ${wrong}`;
}

export function AddEntry({ kind, known, add }: AddProps) {
  const [value, setValue] = useState('');
  const [note, setNote] = useState('');
  const [lastDay, setLastDay] = useState('');
  const [error, setError] = useState<string | null>(null);
  const { label, placeholder, one } = WORDS[kind];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = inOneForm(kind, value);
    const wrong = refusal(kind, text, known);
    if (wrong) return setError(wrong);
    add({ value: text, note: note.trim() || null, until: endOf(lastDay) });
    setValue('');
    setNote('');
    setLastDay('');
  };
  return (
    <form onSubmit={submit} noValidate>
      <Group px="lg" py={8} gap="xs" align="flex-start" style={{ borderTop: '1px solid var(--kw-hairline)' }}>
        <TextInput
          flex={{ base: '1 0 100%', sm: 3 }}
          miw={200}
          aria-label={label}
          placeholder={placeholder}
          value={value}
          error={error}
          onChange={(event) => {
            setValue(event.currentTarget.value);
            setError(null);
          }}
          styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
        />
        <TextInput
          flex={2}
          miw={{ base: 72, sm: 100 }}
          aria-label={`Note on the ${one}`}
          placeholder="Note"
          maxLength={NOTE_LIMIT}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Tooltip label="The last day on which it is good; empty: it stays">
          <TextInput
            w={178}
            type="date"
            leftSection={
              <Text span size="xs" c="dimmed">
                until
              </Text>
            }
            leftSectionWidth={42}
            aria-label={`Last day of the ${one}`}
            value={lastDay}
            onChange={(event) => setLastDay(event.currentTarget.value)}
          />
        </Tooltip>
        <Tooltip label="Add to the list">
          <ActionIcon type="submit" size={32} variant="default" aria-label={`Add to ${kind}`}>
            <IconPlus size={15} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </form>
  );
}
