// Everything the log keeps of a call, in two columns.
import { Group, SimpleGrid, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { WORDS } from '../allowlist/words';
import type { RequestRow } from '../api/nouns';
import { paths } from '../paths';
import { Copy } from '../ui/copy';
import { Field } from '../ui/field';
import { bytes, int, plural, took } from '../ui/format';
import { TextLink } from '../ui/links';
import { Mono } from '../ui/mono';
import { clockWithMillis, day, utc } from '../ui/time';
import { useNow } from '../ui/now';
import { Who } from '../ui/who';

export function CallFacts({ call }: { call: RequestRow }) {
  const now = useNow();
  return (
    <SimpleGrid cols={2} spacing="sm" verticalSpacing={12}>
      <Field name="Member">
        {call.member ? (
          <TextLink to={paths.member} params={{ member: call.member.id }} inherit>
            <Who {...call.member} size={20} />
          </TextLink>
        ) : (
          'Service, the account itself'
        )}
      </Field>
      <Field name="Key">
        <TextLink to={paths.key} params={{ key: call.key.id }} inherit>
          {call.key.name}
        </TextLink>
        {call.value_mask && (
          <>
            {' '}
            <Mono dimmed>{call.value_mask}</Mono>
          </>
        )}
      </Field>
      <Field name="Time">
        <span title={utc(call.time)}>
          {day(call.time, now)}, {clockWithMillis(call.time)}
        </span>
      </Field>
      <Field name="Policy">version {int(call.policy_version)}</Field>
      <Field name="Answer">{answerOf(call)}</Field>
      <Field name="Charge">
        <ChargeFact call={call} />
      </Field>
      <Field name="Latency">{latencyOf(call)}</Field>
      <Field name="Sent and received">
        {bytes(call.bytes_in)} and {bytes(call.bytes_out)}
      </Field>
      <Field name="API">
        {call.api}
        {call.network && <>, {call.network}</>}
      </Field>
      <Field name="Way">
        {call.wire === 'ws' ? 'WebSocket' : 'HTTP'}
        {call.via === 'tester' && ', tester'}
        {call.batch && `, ${call.batch.position + 1}. of a batch`}
      </Field>
      <Field name="From">
        <Known mono>{call.address}</Known>
      </Field>
      <Field name="Origin">
        <Known mono>{call.origin}</Known>
      </Field>
      <Field name="Path">
        <Mono>{call.path}</Mono>
      </Field>
      <Field name="Agent">
        <Known>{call.agent}</Known>
      </Field>
      {call.observed.length > 0 && (
        <Field name="Would have been denied by">
          {call.observed.map((kind) => WORDS[kind].title.toLowerCase()).join(', ')}, merely observed
        </Field>
      )}
      {call.contracts_total > 0 && (
        <Field name="Contracts">
          {call.contracts.map((contract) => (
            <div key={contract}>
              <Mono>{contract}</Mono>
            </div>
          ))}
          {call.contracts_total > call.contracts.length && `and ${int(call.contracts_total - call.contracts.length)} more`}
        </Field>
      )}
      <Field name="Request id">
        <Group gap={4} wrap="nowrap">
          <Mono truncate>{call.id}</Mono>
          <Copy value={call.id} label="request id" />
        </Group>
      </Field>
      {call.count > 1 && <Field name="Folded">{int(call.count)} calls like this in one row</Field>}
    </SimpleGrid>
  );
}

function Known({ mono = false, children }: { mono?: boolean; children: ReactNode }) {
  if (children === null || children === '')
    return (
      <Text span inherit c="dimmed">
        not told
      </Text>
    );
  return mono ? <Mono>{children}</Mono> : <>{children}</>;
}

function answerOf(call: RequestRow): string {
  if (call.state === 'open') return 'still running';
  return call.rpc_error === null ? int(call.status) : `${call.status}, JSON-RPC ${call.rpc_error}`;
}

function latencyOf(call: RequestRow): string {
  if (call.state === 'open') return 'still running';
  if (call.attempts === 0) return `${took(call.latency_us)}, no upstream`;
  const upstream = `${took(call.upstream_latency_us)} upstream`;
  return `${took(call.latency_us)}, of which ${upstream}${call.attempts > 1 ? ` in ${plural(call.attempts, 'attempt')}` : ''}`;
}

function ChargeFact({ call }: { call: RequestRow }) {
  const beyond = call.overage_requests > 0 || call.overage_credits > 0;
  const refunded = call.refunded_requests > 0 || call.refunded_credits > 0;
  return (
    <>
      {plural(call.requests, 'request')}, {plural(call.credits, 'credit')}
      {beyond && ', beyond the quota'}
      {refunded && (
        <Text span inherit c="dimmed">
          {' '}
          given back: {plural(call.refunded_requests, 'request')}, {plural(call.refunded_credits, 'credit')}
        </Text>
      )}
    </>
  );
}
