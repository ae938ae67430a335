// Calls sent from this page, newest first; a click shows one again and puts it into the form.
import { Group, Table, Text, UnstyledButton } from '@mantine/core';
import { verdictOf } from '../request/verdict';
import { ApiTag } from '../ui/api';
import { took } from '../ui/format';
import { Mono } from '../ui/mono';
import { OutcomeMark } from '../ui/outcome';
import { Panel } from '../ui/panel';
import { clockWithMillis, utc } from '../ui/time';
import { nameOf } from './call';
import type { Sent } from './TesterPage';

type HistoryProps = { sent: readonly Sent[]; shown: Sent | null; show: (sent: Sent) => void };

export function History({ sent, shown, show }: HistoryProps) {
  if (sent.length === 0) return null;
  return (
    <Panel title="Your last calls" hint="on this page" flush>
      <Table aria-label="Your last calls" horizontalSpacing="lg" verticalSpacing={7} layout="fixed">
        <Table.Tbody>
          {sent.map((call) => (
            <Table.Tr
              key={call.at}
              onClick={() => show(call)}
              style={{ cursor: 'pointer' }}
              bg={call === shown ? 'var(--kw-wash)' : undefined}
            >
              <Table.Td>
                <UnstyledButton w="100%" mih={24} aria-current={call === shown || undefined}>
                  <Group gap={8} wrap="nowrap">
                    <OutcomeMark outcome={call.answer.row ? verdictOf(call.answer.row) : 'failed'} />
                    <Mono truncate>{nameOf(call.api, call.draft)}</Mono>
                    <ApiTag name={call.target.network ?? call.api.title} />
                  </Group>
                </UnstyledButton>
              </Table.Td>
              <Table.Td w={84} ta="right" px={0}>
                <Text span size="sm" c="dimmed">
                  {took(call.answer.latency_us)}
                </Text>
              </Table.Td>
              <Table.Td w={96} ta="right">
                <Text span size="sm" c="dimmed" title={utc(call.at)}>
                  {clockWithMillis(call.at).slice(0, 8)}
                </Text>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Panel>
  );
}
