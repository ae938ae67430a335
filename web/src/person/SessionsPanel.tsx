// Every place one is signed in, and how to end it.
import { Button, Skeleton, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, client } from '../api/client';
import type { Session } from '../api/nouns';
import { Confirm } from '../ui/confirm';
import { plural } from '../ui/format';
import { Mono } from '../ui/mono';
import { note, Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { Status } from '../ui/status';
import { When } from '../ui/when';
import { Why } from '../ui/why';
import { agentWords } from './agent';
import { sessionsQuery } from './sessions';

export function SessionsPanel() {
  const cache = useQueryClient();
  const { data: sessions, error } = useQuery(sessionsQuery);
  const [ending, setEnding] = useState<Session | null>(null);
  const [endingAll, all] = useDisclosure();
  const end = async ({ id, agent }: Session) => {
    await answer(client.DELETE('/sessions/{session}', { params: { path: { session: id } } }));
    await cache.invalidateQueries(sessionsQuery);
    note.done(`${agentWords(agent)} is signed out.`);
  };
  const endOthers = async () => {
    await answer(client.DELETE('/sessions'));
    await cache.invalidateQueries(sessionsQuery);
    note.done('You are signed in here and nowhere else.');
  };
  const others = sessions?.filter(({ is_current }) => !is_current).length ?? 0;
  const endAll = (
    <Why why={others === 0 ? 'You are signed in nowhere else' : null}>
      <Button variant="default" onClick={all.open}>
        End all others…
      </Button>
    </Why>
  );
  const ended = ending ? agentWords(ending.agent) : '';
  return (
    <Panel title="Where you are signed in" hint="End what you do not know" actions={sessions && endAll} flush>
      <Refused error={error} />
      <Table aria-label="Sessions" verticalSpacing={10} horizontalSpacing="lg">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Browser</Table.Th>
            <Table.Th visibleFrom="sm">Address</Table.Th>
            <Table.Th visibleFrom="sm">Signed in</Table.Th>
            <Table.Th>Last seen</Table.Th>
            <Table.Th w={110} aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {sessions?.map((session) => <SessionRow key={session.id} session={session} end={() => setEnding(session)} />)}
          {!sessions && !error && <WaitingRow />}
        </Table.Tbody>
      </Table>
      <Confirm
        opened={ending !== null}
        close={() => setEnding(null)}
        title="End this session?"
        action={`Sign out ${ended}`}
        run={() => (ending ? end(ending) : Promise.resolve())}
      >
        {ended} at {ending?.address ?? 'an unknown address'} has to sign in again.
      </Confirm>
      <Confirm
        opened={endingAll}
        close={all.close}
        title="End all other sessions?"
        action={`End ${plural(others, 'other session')}`}
        run={endOthers}
      >
        Every browser but this one has to sign in again. Access tokens stay.
      </Confirm>
    </Panel>
  );
}

function SessionRow({ session, end }: { session: Session; end: () => void }) {
  const { agent, address, created_at, seen_at, is_current } = session;
  return (
    <Table.Tr>
      <Table.Td title={agent ?? undefined}>
        {agentWords(agent)}
        <Text size="xs" c="dimmed" hiddenFrom="sm">
          {address}
        </Text>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Mono>{address ?? '—'}</Mono>
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <When at={created_at} />
      </Table.Td>
      <Table.Td>{is_current ? <Status tone="good">This browser</Status> : <When at={seen_at} />}</Table.Td>
      <Table.Td ta="right">
        {!is_current && (
          <Button variant="default" onClick={end}>
            End…
          </Button>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function WaitingRow() {
  return (
    <Table.Tr>
      <Table.Td colSpan={5}>
        <Skeleton h={20} />
      </Table.Td>
    </Table.Tr>
  );
}
