// The accounts one has a seat in, and the way out of each.
import { Button, Table, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, client } from '../api/client';
import type { Seat } from '../api/nouns';
import { stateTone, stateWord } from '../member/state';
import { Confirm } from '../ui/confirm';
import { note } from '../ui/notice';
import { Panel } from '../ui/panel';
import { Status } from '../ui/status';
import { Why } from '../ui/why';
import { meQuery, useMe } from './me';

export function SeatsPanel() {
  const { seats } = useMe();
  const cache = useQueryClient();
  const [leaving, setLeaving] = useState<Seat | null>(null);
  const leave = async ({ account }: Seat) => {
    await answer(client.POST('/accounts/{account}/leave', { params: { path: { account: account.id } } }));
    await cache.invalidateQueries(meQuery);
    note.done(`You left ${account.name}.`);
  };
  if (seats.length === 0) return null;
  return (
    <Panel title="Your seats" hint="One in each account" flush>
      <Table aria-label="Seats" verticalSpacing={10} horizontalSpacing="lg">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Account</Table.Th>
            <Table.Th visibleFrom="sm">Role</Table.Th>
            <Table.Th>Status</Table.Th>
            <Table.Th visibleFrom="sm">Owner</Table.Th>
            <Table.Th w={110} aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {seats.map((seat) => (
            <SeatRow key={seat.member_id} seat={seat} leave={() => setLeaving(seat)} />
          ))}
        </Table.Tbody>
      </Table>
      <Confirm
        opened={leaving !== null}
        close={() => setLeaving(null)}
        title={`Leave ${leaving?.account.name}?`}
        action={`Leave ${leaving?.account.name}`}
        run={() => (leaving ? leave(leaving) : Promise.resolve())}
      >
        Every value and every key you own there is revoked for good, and {leaving?.owner.name} is told by mail. Your calls stay in the log
        under your name. Only a new invitation brings you back.
      </Confirm>
    </Panel>
  );
}

function whyStay({ role, state, owner }: Seat): string | null {
  if (role === 'owner') return 'The owner of an account cannot leave it; hand it over first.';
  return state === 'active' ? null : `The seat is ${state}: ask ${owner.name} to remove it.`;
}

function SeatRow({ seat, leave }: { seat: Seat; leave: () => void }) {
  const { account, role_name, state, owner } = seat;
  return (
    <Table.Tr>
      <Table.Td style={{ overflowWrap: 'anywhere' }}>
        {account.name}
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {role_name ?? 'keys only'}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">{role_name ?? 'keys only'}</Table.Td>
      <Table.Td>
        <Status tone={stateTone[state]}>{stateWord[state]}</Status>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        {owner.name}
        <Text size="xs" c="dimmed">
          {owner.email}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <Why why={whyStay(seat)}>
          <Button variant="default" onClick={leave}>
            Leave…
          </Button>
        </Why>
      </Table.Td>
    </Table.Tr>
  );
}
