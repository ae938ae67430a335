// What is known about a member, in columns.
import { Box, Group, SimpleGrid, Text } from '@mantine/core';
import type { Member } from '../api/nouns';
import { Copy } from '../ui/copy';
import { Field } from '../ui/field';
import { int, rateWords } from '../ui/format';
import { Mono } from '../ui/mono';
import { useNow } from '../ui/now';
import { Panel } from '../ui/panel';
import { When } from '../ui/when';
import type { MemberActions } from './actions';
import { CapBar } from './CapBar';
import { endWords } from './end';
import { RoleSelect } from './RoleSelect';
import { Undelivered } from './Undelivered';

export function MemberFacts({ member, actions }: { member: Member; actions: MemberActions }) {
  const { id, name, invitation, activated_at, suspended_at, last_seen_at, calls_today, credits_today, denied_today, caps, rates, ends_at } = member;
  return (
    <Panel>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 4 }} spacing="lg" verticalSpacing="md">
        <Field name="Role">
          <Box my={-6}>
            <RoleSelect member={member} actions={actions} />
          </Box>
        </Field>
        {invitation && (
          <>
            <Field name="Invited">
              <When at={invitation.sent_at} /> {invitation.invited_by && `by ${invitation.invited_by}`}
            </Field>
            {invitation.refused && (
              <Field name="Not delivered">
                <Undelivered refused={invitation.refused} />
              </Field>
            )}
            <Field name="Link ends">
              <When at={invitation.expires_at} />
            </Field>
          </>
        )}
        {activated_at && (
          <Field name="Member since">
            <When at={activated_at} />
          </Field>
        )}
        {suspended_at && (
          <Field name="Suspended since">
            <When at={suspended_at} />
          </Field>
        )}
        <Field name="Last seen">{last_seen_at ? <When at={last_seen_at} /> : 'never'}</Field>
        <Field name="Calls today">{int(calls_today)}</Field>
        <Field name="Credits today">{int(credits_today)}</Field>
        <Field name="Denied today">
          <Text span inherit c={denied_today > 0 ? 'var(--kw-denied-text)' : undefined}>
            {int(denied_today)}
          </Text>
        </Field>
        {ends_at && (
          <Field name="Seat ends">
            <Ends at={ends_at} />
          </Field>
        )}
        <Field name={caps.length > 1 ? 'Caps' : 'Cap'}>
          {caps.length === 0 && <CapBar caps={[]} name={name} />}
          {caps.map((cap) => (
            <CapBar key={`${cap.metric} ${cap.period}`} caps={[cap]} name={name} />
          ))}
        </Field>
        {rates.length > 0 && (
          <Field name={rates.length > 1 ? 'Rates' : 'Rate'}>
            {rates.map((rate) => (
              <Text key={`${rate.metric} ${rate.per}`} size="sm">
                {rateWords(rate)}
              </Text>
            ))}
          </Field>
        )}
        <Field name="Id">
          <Group gap={4} wrap="nowrap" my={-3}>
            <Mono truncate>{id}</Mono>
            <Copy value={id} label={`the id of ${name}`} />
          </Group>
        </Field>
      </SimpleGrid>
    </Panel>
  );
}

function Ends({ at }: { at: string }) {
  return <>{endWords(at, useNow())}</>;
}
