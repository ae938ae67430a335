// The keys a member holds, and the shared ones they have a value on.
import { Box, Button, Skeleton, Table } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAccountId } from '../account/seat';
import type { Key, Member } from '../api/nouns';
import { keysQuery } from '../key/query';
import { paths } from '../paths';
import { Empty } from '../ui/empty';
import { int } from '../ui/format';
import { TextLink } from '../ui/links';
import { Mono } from '../ui/mono';
import { Panel } from '../ui/panel';
import { When } from '../ui/when';
import { Why, whyNot } from '../ui/why';
import { HandOverKey } from './HandOverKey';

const valuesOf = (key: Key, member: Member) => key.values.filter((value) => value.member?.id === member.id && !value.revoked_at);

export function MemberKeys({ member }: { member: Member }) {
  const [handing, setHanding] = useState<Key | null>(null);
  const { data: keys } = useQuery(keysQuery(useAccountId()));
  const theirs = keys?.filter((key) => key.holder?.id === member.id || valuesOf(key, member).length > 0);
  return (
    <Panel title="Keys" flush>
      {theirs === undefined ? (
        <Skeleton h={80} m="lg" w="auto" />
      ) : theirs.length === 0 ? (
        <NoKeys member={member} />
      ) : (
        <Table aria-label={`Keys of ${member.name}`} horizontalSpacing="lg">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Key</Table.Th>
              <Table.Th visibleFrom="sm">Environment</Table.Th>
              <Table.Th>Value</Table.Th>
              <Table.Th ta="right" visibleFrom="sm">
                Calls in 24 h
              </Table.Th>
              <Table.Th visibleFrom="sm">Last used</Table.Th>
              <Table.Th w={{ base: 104, sm: 120 }} aria-label="Actions" />
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {theirs.map((key) => (
              <KeyRow key={key.id} of={key} member={member} handOver={() => setHanding(key)} />
            ))}
          </Table.Tbody>
        </Table>
      )}
      {handing && <HandOverKey apiKey={handing} holder={member} close={() => setHanding(null)} />}
    </Panel>
  );
}

function KeyRow({ of, member, handOver }: { of: Key; member: Member; handOver: () => void }) {
  const masks = valuesOf(of, member).map(({ mask }) => mask);
  const mayTake = member.is_me || member.can.edit.allowed;
  return (
    <Table.Tr>
      <Table.Td>
        <TextLink to={paths.key} params={{ key: of.id }} size="sm" fw={560}>
          {of.name}
        </TextLink>
        {of.sharing === 'shared' && ' (shared)'}
      </Table.Td>
      <Table.Td visibleFrom="sm">{of.environment}</Table.Td>
      <Table.Td>{masks.length === 0 ? '—' : masks.map((mask) => <Box key={mask} style={{ whiteSpace: 'nowrap' }}><Mono>{mask}</Mono></Box>)}</Table.Td>
      <Table.Td ta="right" visibleFrom="sm">
        {int(of.calls_24h)}
      </Table.Td>
      <Table.Td visibleFrom="sm">{of.last_used_at ? <When at={of.last_used_at} /> : 'never'}</Table.Td>
      <Table.Td ta="right">
        {of.holder?.id === member.id && (
          <Why why={mayTake ? whyNot(of.can.edit) : (member.can.edit.why ?? 'You may not act on this member')}>
            <Button variant="subtle" size="compact-sm" onClick={handOver}>
              Hand over…
            </Button>
          </Why>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

function NoKeys({ member }: { member: Member }) {
  return (
    <Empty icon={<IconKey size={20} />} title="No key">
      {member.state === 'pending'
        ? `${member.name} gets a key of their own with the seat, once the invitation is followed.`
        : `Create a key under API keys and make ${member.name} its holder, or let them draw a value of a shared one.`}
    </Empty>
  );
}
