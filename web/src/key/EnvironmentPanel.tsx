// The keys of one environment: a table, on a phone tiles.
import { Box, Card, Group, Stack, Table, Text, Title } from '@mantine/core';
import type { Key } from '../api/nouns';
import { paths } from '../paths';
import { int, plural } from '../ui/format';
import { TextLink } from '../ui/links';
import { Mono } from '../ui/mono';
import { useNow } from '../ui/now';
import { Spark } from '../ui/spark';
import { Status } from '../ui/status';
import { When } from '../ui/when';
import type { Environment } from './environment';
import { Holders } from './Holders';
import { KeyApis } from './KeyApis';
import { KeyMenu } from './KeyMenu';
import { openValues, stateOf } from './state';

const COLUMNS = [
  ['Key', '21%'],
  ['API', '12%'],
  ['Value', '14%'],
  ['Holder', '20%'],
  ['Last 24 h', '16%'],
  ['Status', '13%'],
] as const;

export function EnvironmentPanel({ environment }: { environment: Environment }) {
  const { name, keys, calls } = environment;
  return (
    <Card p={0} component="section" aria-label={name}>
      <Group px={{ base: 'md', md: 'lg' }} py={9} gap={10} bg="var(--kw-wash)" justify="space-between">
        <Group gap={10}>
          <Title order={2} size="h3">
            {name}
          </Title>
          <Text size="sm" c="dimmed">
            {plural(keys.length, 'key')}
          </Text>
        </Group>
        <Text size="sm" c="dimmed">
          {plural(calls, 'call')} in 24 h
        </Text>
      </Group>
      <Box visibleFrom="md">
        <Table aria-label={`${name} keys`} layout="fixed" horizontalSpacing="lg">
          <Table.Thead>
            <Table.Tr>
              {COLUMNS.map(([title, w]) => (
                <Table.Th key={title} w={w}>
                  {title}
                </Table.Th>
              ))}
              <Table.Th w={64} aria-label="Actions" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {keys.map((key) => (
              <KeyRow key={key.id} apiKey={key} />
            ))}
          </Table.Tbody>
        </Table>
      </Box>
      <Stack hiddenFrom="md" gap={0}>
        {keys.map((key) => (
          <KeyTile key={key.id} apiKey={key} />
        ))}
      </Stack>
    </Card>
  );
}

function KeyRow({ apiKey: key }: { apiKey: Key }) {
  const now = useNow();
  const { tone, word } = stateOf(key, now);
  const [value] = openValues(key, now);
  return (
    <Table.Tr>
      <Table.Td>
        <KeyLink apiKey={key} />
        <Text size="xs" c="dimmed" truncate>
          {key.last_used_at ? (
            <>
              used <When at={key.last_used_at} />
            </>
          ) : (
            'never used'
          )}
        </Text>
      </Table.Td>
      <Table.Td style={{ overflow: 'hidden' }}>
        <KeyApis apiKey={key} />
      </Table.Td>
      <Table.Td>
        {value ? (
          <Mono dimmed>{value.mask}</Mono>
        ) : (
          <Text span size="sm" c="dimmed">
            —
          </Text>
        )}
      </Table.Td>
      <Table.Td>
        <Holders apiKey={key} />
      </Table.Td>
      <Table.Td>
        <Use apiKey={key} w={84} />
      </Table.Td>
      <Table.Td>
        <Status tone={tone}>{word}</Status>
      </Table.Td>
      <Table.Td ta="right" ps={0}>
        <KeyMenu apiKey={key} />
      </Table.Td>
    </Table.Tr>
  );
}

function KeyTile({ apiKey: key }: { apiKey: Key }) {
  const { tone, word } = stateOf(key, useNow());
  return (
    <Box px="md" py={10} style={{ borderTop: '1px solid var(--kw-hairline)' }}>
      <Group justify="space-between" wrap="nowrap">
        <KeyLink apiKey={key} />
        <Status tone={tone}>{word}</Status>
      </Group>
      <Group justify="space-between" wrap="nowrap" mt={6}>
        <Group gap={8} wrap="nowrap" miw={0} style={{ overflow: 'hidden' }}>
          <KeyApis apiKey={key} />
          <Holders apiKey={key} short />
        </Group>
        <Use apiKey={key} w={72} />
      </Group>
    </Box>
  );
}

function KeyLink({ apiKey: key }: { apiKey: Key }) {
  return (
    <TextLink
      to={paths.key}
      params={{ key: key.id }}
      fw={560}
      size="sm"
      c="var(--mantine-color-text)"
      display="block"
      truncate
      mih={20}
    >
      {key.name}
    </TextLink>
  );
}

function Use({ apiKey: key, w }: { apiKey: Key; w: number }) {
  const label = `${key.name}: ${plural(key.calls_24h, 'call')} in 24 hours, by hour`;
  return (
    <Group gap="xs" wrap="nowrap">
      <Spark data={key.spark} bad={key.status === 'many_denials'} w={w} label={label} />
      <Text size="xs" miw={44} ta={{ base: 'right', md: 'left' }}>
        {int(key.calls_24h)}
      </Text>
    </Group>
  );
}
