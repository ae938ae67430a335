// The lists of the account: what calls with any of its keys must pass.
import { Skeleton } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Allowlists } from '../api/nouns';
import { useSeat } from '../account/seat';
import { LeaveGuard } from '../ui/leave';
import { Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { ListEditor } from './ListEditor';
import { accountListsQuery, useAccountLists } from './query';

export function SecurityPage() {
  const { account } = useSeat();
  const { data, error } = useQuery(accountListsQuery(account.id));
  return (
    <Page title="Security" lead={`What calls with any key of ${account.name} must pass, beside the lists of the key.`}>
      {data ? <AccountLists saved={data} name={account.name} /> : error ? <Refused error={error} /> : <Skeleton h={180} />}
    </Page>
  );
}

function AccountLists({ saved, name }: { saved: Allowlists; name: string }) {
  const [changed, setChanged] = useState(false);
  return (
    <>
      <ListEditor saved={saved} door={useAccountLists(saved)} onDirty={setChanged} calls={{}} />
      <LeaveGuard when={changed} what={`What you changed of ${name}`} />
    </>
  );
}
