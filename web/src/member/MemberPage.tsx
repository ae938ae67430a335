// One member: how they stand, their keys, and their calls.
import { Skeleton, Switch, Group, Title } from '@mantine/core';
import { IconListSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { useAccountId } from '../account/seat';
import { problemOf } from '../api/client';
import type { Member } from '../api/nouns';
import { Lost } from '../layout/Lost';
import { paths } from '../paths';
import { Calls } from '../request/Calls';
import { isEmpty, type RequestFilter } from '../request/filter';
import { useFilter } from '../request/useFilter';
import { Empty } from '../ui/empty';
import { Face } from '../ui/face';
import { TextLink } from '../ui/links';
import { Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { useMemberActions } from './actions';
import { MemberDialogs, type Question } from './MemberDialogs';
import { MainAction } from './MainAction';
import { MemberFacts } from './MemberFacts';
import { MemberKeys } from './MemberKeys';
import { MemberMenu } from './MemberMenu';
import { MemberStatus } from './MemberStatus';
import { memberQuery } from './query';

export function MemberPage() {
  const { member: id } = useParams({ from: '/shell/members/$member' });
  const { data: member, error } = useQuery(memberQuery(useAccountId(), id));
  if (error && problemOf(error).code === 'not_found') return <Lost />;
  return member ? <Shown member={member} /> : <Waiting error={error} />;
}

function Shown({ member }: { member: Member }) {
  const actions = useMemberActions();
  const [question, ask] = useState<Question | null>(null);
  return (
    <Page
      above={
        <Group gap="sm" mb={2}>
          <TextLink to={paths.team} size="sm">
            My Team
          </TextLink>
        </Group>
      }
      title={member.name}
      beside={
        <>
          <Face id={member.id} name={member.name} size={28} />
          <MemberStatus state={member.state} refused={member.invitation?.refused} />
        </>
      }
      lead={member.email}
      actions={
        <>
          <MainAction member={member} actions={actions} ask={ask} />
          <MemberMenu member={member} actions={actions} ask={ask} open={false} />
        </>
      }
    >
      <MemberFacts member={member} actions={actions} />
      <MemberKeys member={member} />
      <MemberCalls member={member} />
      <MemberDialogs question={question} actions={actions} close={() => ask(null)} />
    </Page>
  );
}

function MemberCalls({ member }: { member: Member }) {
  const [filter, setFilter] = useFilter();
  const [live, setLive] = useState(true);
  const own = useMemo<RequestFilter>(() => ({ ...filter, member: member.id }), [filter, member.id]);
  return (
    <>
      <Group justify="space-between" mt="xs" mih={32} wrap="nowrap">
        <Title order={2}>Calls of {member.name}</Title>
        <Switch label="Live" size="sm" checked={live} onChange={(event) => setLive(event.currentTarget.checked)} />
      </Group>
      <Calls
        filter={own}
        onFilter={(next) => setFilter({ ...next, member: undefined })}
        live={live}
        mah="520px"
        nothing={isEmpty({ ...filter, member: undefined }) ? <NoCallsYet member={member} /> : undefined}
      />
    </>
  );
}

function NoCallsYet({ member }: { member: Member }) {
  return (
    <Empty icon={<IconListSearch size={20} />} title="No calls yet">
      Every call {member.name} makes, with whichever key, appears here within a second.
    </Empty>
  );
}

function Waiting({ error }: { error: unknown }) {
  return (
    <Page title="Member" lead="">
      <Refused error={error} />
      {!error && <Skeleton h={120} />}
      {!error && <Skeleton h={180} />}
    </Page>
  );
}
