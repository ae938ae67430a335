// One change: who made it, from where, and each field before and after.
import { Group, SimpleGrid, Stack, Table, Text } from '@mantine/core';
import type { Change } from '../api/nouns';
import { Copy } from '../ui/copy';
import { Field } from '../ui/field';
import { Mono } from '../ui/mono';
import { When } from '../ui/when';
import { diffOf, type FieldDiff } from './diff';

type Facts = Record<string, unknown> | null;

export function ChangeFacts({ change }: { change: Change }) {
  const { name, sentence, time, address, action, subject, member_id, access_token_id, account_id } = change;
  const fields = diffOf(change.before as Facts, change.after as Facts);
  return (
    <Stack gap="md">
      <Text fw={560} style={{ overflowWrap: 'anywhere' }}>
        {name} {sentence}
      </Text>
      <SimpleGrid cols={2} spacing="sm">
        <Field name="When">
          <When at={time} as="day" />
        </Field>
        <Field name="From">{address ?? '—'}</Field>
        <Field name="Action">
          <Mono>{action}</Mono>
        </Field>
        <Field name="To">
          <Id value={subject} label="the id of what was changed" />
        </Field>
        {member_id && (
          <Field name="Seat">
            <Id value={member_id} label="the seat's id" />
          </Field>
        )}
        {access_token_id && (
          <Field name="With the access token">
            <Id value={access_token_id} label="the access token's id" />
          </Field>
        )}
        {account_id && (
          <Field name="Account">
            <Id value={account_id} label="the account's id" />
          </Field>
        )}
      </SimpleGrid>
      {fields.length === 0 ? (
        <Text size="sm" c="dimmed">
          This change has no fields: the sentence above says all.
        </Text>
      ) : (
        <Table aria-label="Before and after" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Field</Table.Th>
              <Table.Th>Before</Table.Th>
              <Table.Th>After</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {fields.map((field) => (
              <FieldRow key={field.name} field={field} />
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Stack>
  );
}

function Id({ value, label }: { value: string; label: string }) {
  return (
    <Group gap={4} wrap="nowrap" my={-3}>
      <Mono truncate>{value}</Mono>
      <Copy value={value} label={label} />
    </Group>
  );
}

function FieldRow({ field: { name, before, after, changed } }: { field: FieldDiff }) {
  return (
    <Table.Tr>
      <Table.Td>
        <Text size="sm" fw={changed ? 600 : 400}>
          {name}
        </Text>
      </Table.Td>
      <Side text={before} wash={changed && before !== null ? 'denied' : null} />
      <Side text={after} wash={changed && after !== null ? 'good' : null} />
    </Table.Tr>
  );
}

function Side({ text, wash }: { text: string | null; wash: string | null }) {
  return (
    <Table.Td bg={wash ? `var(--kw-${wash}-wash)` : undefined} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
      {text === null ? (
        <Text span size="sm" c="dimmed">
          —
        </Text>
      ) : (
        <Mono>{text}</Mono>
      )}
    </Table.Td>
  );
}
