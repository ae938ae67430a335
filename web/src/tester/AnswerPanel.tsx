// What came back: status, where the time went, body, headers, and how it was decided.
import { Badge, Box, Button, CopyButton, Divider, Group, Stack, Table, Tabs, Text } from '@mantine/core';
import { IconPlayerPlay, IconTerminal2 } from '@tabler/icons-react';
import type { TestAnswer } from '../api/nouns';
import { CallFacts } from '../request/CallFacts';
import { Decision } from '../request/Decision';
import { chargeOf, sentenceOf, verdictOf } from '../request/verdict';
import { CodeBlock } from '../ui/code';
import { Empty } from '../ui/empty';
import { bytes, plural, took } from '../ui/format';
import { Mono } from '../ui/mono';
import { Notice } from '../ui/notice';
import { OutcomeMark } from '../ui/outcome';
import { Panel } from '../ui/panel';
import { clockWithMillis } from '../ui/time';
import { pretty } from './call';
import { LatencySplit } from './LatencySplit';
import type { Sent } from './TesterPage';

export function AnswerPanel({ sent }: { sent: Sent | null }) {
  if (!sent)
    return (
      <Panel title="Answer" h="100%">
        <Empty icon={<IconPlayerPlay size={20} />} title="Nothing sent yet">
          Send a call: its status, body, headers and charge are shown here.
        </Empty>
      </Panel>
    );
  const { answer } = sent;
  const verdict = answer.row ? verdictOf(answer.row) : answer.status < 400 ? 'allowed' : 'failed';
  const title = (
    <Group gap={8} component="span" display="inline-flex">
      <OutcomeMark outcome={verdict} size={18} />
      {answer.status}
    </Group>
  );
  return (
    <Panel title={title} hint={clockWithMillis(sent.at).slice(0, 8)} actions={<Facts answer={answer} />} h="100%">
      {answer.row && verdict !== 'allowed' && (
        <Box mb="md">
          <Notice kind={verdict === 'denied' ? 'bad' : 'warn'}>{sentenceOf(answer.row)}</Notice>
        </Box>
      )}
      <LatencySplit answer={answer} />
      <Tabs key={sent.at} defaultValue="body" pos="relative">
        <CopyCurl curl={answer.curl} />
        <Tabs.List mb="sm">
          <Tabs.Tab value="body">Body</Tabs.Tab>
          <Tabs.Tab value="headers">Headers</Tabs.Tab>
          {answer.row && <Tabs.Tab value="decision">Decision</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="body">
          {answer.is_truncated && (
            <Text size="xs" c="dimmed" mb="xs">
              The body is longer than is shown here.
            </Text>
          )}
          {answer.body === '' ? (
            <Text size="sm" c="dimmed">
              No body.
            </Text>
          ) : (
            <CodeBlock text={pretty(answer.body)} label="Answer body" mah={560} />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="headers">
          <Headers headers={answer.headers} />
        </Tabs.Panel>
        {answer.row && (
          <Tabs.Panel value="decision">
            <Stack gap="md">
              <Decision steps={answer.row.steps} />
              <Divider color="var(--kw-hairline)" />
              <CallFacts call={answer.row} />
            </Stack>
          </Tabs.Panel>
        )}
      </Tabs>
    </Panel>
  );
}

/** Beside the tabs, but not one of them. */
function CopyCurl({ curl }: { curl: string }) {
  return (
    <CopyButton value={curl}>
      {({ copied, copy }) => (
        <Button
          pos="absolute"
          right={0}
          top={2}
          style={{ zIndex: 1 }}
          variant="subtle"
          color="gray"
          size="compact-sm"
          leftSection={<IconTerminal2 size={15} />}
          onClick={copy}
        >
          {copied ? 'Copied' : 'Copy as curl'}
        </Button>
      )}
    </CopyButton>
  );
}

function Facts({ answer: { row, body, latency_us } }: { answer: TestAnswer }) {
  const { requests, credits } = row ? chargeOf(row) : { requests: 0, credits: 0 };
  return (
    <>
      {row && <Badge variant="default">{plural(requests, 'request')}</Badge>}
      {row && credits !== requests && <Badge variant="default">{plural(credits, 'credit')}</Badge>}
      <Badge variant="default">{bytes(row?.bytes_out ?? body.length)}</Badge>
      <Badge variant="default">{took(latency_us)}</Badge>
    </>
  );
}

function Headers({ headers }: { headers: TestAnswer['headers'] }) {
  return (
    <Table aria-label="Answer headers" verticalSpacing={5}>
      <Table.Tbody>
        {headers.map(({ name, value }, i) => (
          <Table.Tr key={`${name} ${i}`}>
            <Table.Td w="38%" style={{ overflowWrap: 'anywhere' }}>
              <Mono dimmed>{name}</Mono>
            </Table.Td>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              <Mono>{value}</Mono>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
