// The line beneath a list where one entry is added.
import { ActionIcon, Group, TextInput, Tooltip } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { ENTRY_LIMIT, problemOf, type Entry, type Kind } from './allowlist';

const WORDS = {
  addresses: { label: 'Address or range to add', placeholder: '203.0.113.7 or 203.0.113.0/24' },
  domains: { label: 'Domain to add', placeholder: 'example.com or *.example.com' },
} as const;

type AddProps = { kind: Kind; known: readonly Entry[]; add: (entry: { value: string; note: string | null }) => void };

export function AddEntry({ kind, known, add }: AddProps) {
  const [value, setValue] = useState('');
  const [note, setNote] = useState('');
  const [error, setError] = useState<string | null>(null);
  const { label, placeholder } = WORDS[kind];
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const text = kind === 'domains' ? value.trim().toLowerCase() : value.trim();
    const wrong =
      text === ''
        ? 'Write an entry first'
        : (problemOf(kind, text) ??
          (known.some((entry) => entry.value === text && !entry.isGone)
            ? 'is in the list'
            : known.length >= ENTRY_LIMIT
              ? `does not fit: a list has at most ${ENTRY_LIMIT} entries`
              : null));
    if (wrong) return setError(text === '' ? wrong : `${text} ${wrong}`);
    add({ value: text, note: note.trim() || null });
    setValue('');
    setNote('');
  };
  return (
    <form onSubmit={submit} noValidate>
      <Group
        px="lg"
        py={8}
        gap="xs"
        wrap="nowrap"
        align="flex-start"
        style={{ borderTop: '1px solid var(--kw-hairline)' }}
      >
        <TextInput
          flex={3}
          miw={0}
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
          miw={0}
          aria-label={`Note on the ${kind === 'addresses' ? 'address' : 'domain'}`}
          placeholder="Note"
          maxLength={200}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
        />
        <Tooltip label="Add to the list">
          <ActionIcon type="submit" size={32} variant="default" aria-label={`Add to ${kind}`}>
            <IconPlus size={15} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </form>
  );
}
