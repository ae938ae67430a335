// Operator › Accounts: who the customers are, under which plans, and what they used today.
import { Button, Group, Skeleton, Table, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconBuilding, IconPlus, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Empty } from '../ui/empty';
import { Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { useUrl } from '../ui/url';
import { AccountRow } from './AccountRow';
import { NewAccount } from './NewAccount';
import { accountsQuery } from './query';

const TYPING_MS = 250;
const LONGEST_SEARCH = 80;

export function AccountsPage() {
  const [{ search, add }, change] = useUrl();
  const { data, error, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(accountsQuery(search));
  const accounts = data?.pages.flatMap((page) => page.accounts) ?? [];
  const more = hasNextPage && (
    <Button variant="subtle" size="compact-sm" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
      Earlier accounts
    </Button>
  );
  return (
    <Page
      title="Accounts"
      lead="Every account of this Keyward, newest first. You see totals, never what a customer called."
      actions={
        <Button leftSection={<IconPlus size={15} />} onClick={() => change({ add: '1' }, true)}>
          New account
        </Button>
      }
    >
      <Search text={search} change={(text) => change({ search: text })} />
      <Refused error={error} />
      {!data && !error && <Skeleton h={260} radius="lg" />}
      {data && accounts.length === 0 && <NoAccount search={search} />}
      {accounts.length > 0 && (
        <Panel flush footer={more}>
          <Table aria-label="Accounts" horizontalSpacing="lg">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Account</Table.Th>
                <Table.Th visibleFrom="sm">Owner</Table.Th>
                <Table.Th>Status</Table.Th>
                <Table.Th visibleFrom="md">Plans</Table.Th>
                <Table.Th visibleFrom="md" ta="right">Members</Table.Th>
                <Table.Th visibleFrom="md" ta="right">Keys</Table.Th>
                <Table.Th visibleFrom="sm" ta="right">Calls today</Table.Th>
                <Table.Th visibleFrom="md" ta="right">Credits today</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {accounts.map((account) => (
                <AccountRow key={account.id} account={account} />
              ))}
            </Table.Tbody>
          </Table>
        </Panel>
      )}
      <NewAccount opened={add === '1'} close={() => change({ add: undefined })} />
    </Page>
  );
}

function Search({ text, change }: { text: string | undefined; change: (text: string | undefined) => void }) {
  const [typed, setTyped] = useState(text ?? '');
  const settle = useDebouncedCallback((next: string) => change(next.trim() || undefined), TYPING_MS);
  return (
    <Group>
      <TextInput
        w={{ base: '100%', xs: 340 }}
        leftSection={<IconSearch size={15} />}
        aria-label="Search accounts"
        placeholder="Name, owner's mail or id"
        maxLength={LONGEST_SEARCH}
        value={typed}
        onChange={({ currentTarget: { value } }) => {
          setTyped(value);
          settle(value);
        }}
      />
    </Group>
  );
}

function NoAccount({ search }: { search: string | undefined }) {
  return (
    <Panel>
      <Empty icon={<IconBuilding size={20} />} title={search ? 'No account is called so' : 'No account yet'}>
        {search ? (
          <>
            No name and no owner's mail has <Text span inherit fw={600}>{search}</Text> in it.
          </>
        ) : (
          'Make one for a customer: its owner gets a mail with a link.'
        )}
      </Empty>
    </Panel>
  );
}
