// The members of the account: who, what they may, how they stand, what they use.
import { Card, Skeleton, Table, Text } from '@mantine/core';
import type { Member } from '../api/nouns';
import type { MemberActions } from './actions';
import type { Question } from './MemberDialogs';
import { MemberRow, useColumns } from './MemberRow';

type MemberTableProps = {
  members: Member[] | undefined;
  /** Whether these are only those that were searched for. */
  isSearch: boolean;
  chosen: string | undefined;
  choose: (member: string | undefined) => void;
  actions: MemberActions;
  ask: (question: Question) => void;
};

const PLACEHOLDER_ROWS = 4;

export function MemberTable({ members, isSearch, chosen, choose, actions, ask }: MemberTableProps) {
  return (
    <Card p={0}>
      <Table aria-label="Members" layout="fixed" verticalSpacing={9} highlightOnHover={false}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Person</Table.Th>
            <Table.Th visibleFrom="sm" w={124}>Role</Table.Th>
            <Table.Th w={122}>Status</Table.Th>
            <Table.Th visibleFrom="md" w={94} ta="right">Calls today</Table.Th>
            <Table.Th visibleFrom="lg" w={106} ta="right">Credits today</Table.Th>
            <Table.Th visibleFrom="lg" w={166}>Limits</Table.Th>
            <Table.Th visibleFrom="lg" w={104}>Last seen</Table.Th>
            <Table.Th w={52} aria-label="Actions" />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {members === undefined
            ? Array.from({ length: PLACEHOLDER_ROWS }, (_, row) => <WaitingRow key={row} />)
            : members.map((member) => (
                <MemberRow
                  key={member.id}
                  member={member}
                  chosen={member.id === chosen}
                  choose={() => choose(member.id === chosen ? undefined : member.id)}
                  actions={actions}
                  ask={ask}
                />
              ))}
          {members?.length === 1 && !isSearch && <AloneRow />}
          {members?.length === 0 && <NobodyRow />}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

function AloneRow() {
  return (
    <Table.Tr>
      <Table.Td colSpan={useColumns()} ta="center" py="lg">
        <Text size="sm" c="dimmed">
          Nobody else yet. Add a new member: they get a mail, a seat, and a key of their own.
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function NobodyRow() {
  return (
    <Table.Tr>
      <Table.Td colSpan={8} ta="center" py="lg">
        <Text size="sm" c="dimmed">
          No member has this in their name or mail address.
        </Text>
      </Table.Td>
    </Table.Tr>
  );
}

function WaitingRow() {
  return (
    <Table.Tr>
      <Table.Td colSpan={useColumns()}>
        <Skeleton h={34} />
      </Table.Td>
    </Table.Tr>
  );
}
