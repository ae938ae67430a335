// Account › My Team: who has a seat, and beneath them every request of the owner and the members.
import { Button, Group, Pill, Switch, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useAccount } from '../account/query';
import { useAccountId, useWhyNot } from '../account/seat';
import { Calls } from '../request/Calls';
import { useFilter } from '../request/useFilter';
import { Page } from '../ui/page';
import { More } from '../ui/more';
import { Refused } from '../ui/notice';
import { useUrl } from '../ui/url';
import { Why } from '../ui/why';
import { useMemberActions } from './actions';
import { InviteDialog } from './InviteDialog';
import { MemberDialogs, type Question } from './MemberDialogs';
import { MemberSearch } from './MemberSearch';
import { MemberTable } from './MemberTable';
import { memberPagesQuery, memberQuery } from './query';

export function TeamPage() {
  const account = useAccountId();
  const seats = useAccount().data?.members;
  const [search, change] = useUrl();
  const q = search.q?.trim() || undefined;
  const list = useInfiniteQuery(memberPagesQuery(account, q));
  const members = list.data?.pages.flatMap((page) => page.members);
  const [filter, setFilter] = useFilter();
  const [question, ask] = useState<Question | null>(null);
  const actions = useMemberActions();
  const mayNotInvite = useWhyNot()('teamwork.invite');
  const taken = seats && (seats.max === null ? `${seats.used} seats.` : `${seats.used} of ${seats.max} seats.`);
  const inList = members?.find(({ id }) => id === filter.member);
  const beyond = useQuery({ ...memberQuery(account, filter.member ?? ''), enabled: filter.member !== undefined && !inList });
  const chosen = inList ?? beyond.data;
  return (
    <Page
      title="My Team"
      lead={`${taken ?? ''} Every member has keys of their own and spends from one subscription.`}
      actions={
        <Why why={mayNotInvite}>
          <Button leftSection={<IconPlus size={15} />} onClick={() => change({ add: '1' }, true)}>
            Add a new member
          </Button>
        </Why>
      }
    >
      <Refused error={list.error} />
      {(list.hasNextPage || search.q !== undefined) && <MemberSearch />}
      {!list.error && (
        <MemberTable
          members={members}
          isSearch={q !== undefined}
          chosen={filter.member}
          choose={(member) => setFilter({ ...filter, member })}
          actions={actions}
          ask={ask}
        />
      )}
      <More list={list}>Load more members</More>
      <TeamCalls chosen={chosen?.name} everyone={() => setFilter({ ...filter, member: undefined })} />
      {mayNotInvite === null && <InviteDialog opened={search.add === '1'} close={() => change({ add: undefined })} />}
      <MemberDialogs question={question} actions={actions} close={() => ask(null)} />
    </Page>
  );
}

function TeamCalls({ chosen, everyone }: { chosen: string | undefined; everyone: () => void }) {
  const [filter, setFilter] = useFilter();
  const [live, setLive] = useState(true);
  return (
    <>
      <Group justify="space-between" mt="xs" mih={32} wrap="nowrap">
        <Group gap="sm">
          <Title order={2}>Requests of the owner and the members</Title>
          {chosen && (
            <Pill size="md" withRemoveButton onRemove={everyone} removeButtonProps={{ 'aria-label': 'Show everyone again', tabIndex: 0, 'aria-hidden': false }}>
              {chosen}
            </Pill>
          )}
        </Group>
        <Switch label="Live" size="sm" checked={live} onChange={(event) => setLive(event.currentTarget.checked)} />
      </Group>
      <Calls filter={filter} onFilter={setFilter} live={live} mah="480px" />
    </>
  );
}
