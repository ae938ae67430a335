// Teamwork: who is on this key, with which role, and what each role of the key allows.
import { Button, Skeleton, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLock, IconPlus, IconUserPlus } from '@tabler/icons-react';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useSeat } from '../account/seat';
import type { Key, KeyMember, Teamwork as Team } from '../api/nouns';
import { MemberSearch } from '../member/MemberSearch';
import { paths } from '../paths';
import { RoleMatrix } from '../role/RoleMatrix';
import { NEW_ROLE, RolesDrawer } from '../role/RolesDrawer';
import { rolesQuery } from '../role/query';
import { Empty } from '../ui/empty';
import { plural } from '../ui/format';
import { TextLink } from '../ui/links';
import { More } from '../ui/more';
import { Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { useUrl } from '../ui/url';
import { Why, whyNot } from '../ui/why';
import { AddMember } from './AddMember';
import { KeyMembers } from './KeyMembers';
import { rolesOf } from './KeyRoleSelect';
import { RemoveKeyMember } from './RemoveKeyMember';
import { teamworkQuery, useTeamworkActions } from './query';

export function Teamwork({ apiKey: key }: { apiKey: Key }) {
  const { owner } = useSeat();
  if (!key.permissions.includes('teamwork.view')) {
    return (
      <Panel>
        <Empty icon={<IconLock size={20} />} title="Who else is on this key is not yours to see">
          You need teamwork.view on {key.name}. {owner.name} can give it to you.
        </Empty>
      </Panel>
    );
  }
  return <TeamOfKey apiKey={key} />;
}

function TeamOfKey({ apiKey: key }: { apiKey: Key }) {
  const { account } = useSeat();
  const [search] = useUrl();
  const q = search.q?.trim() || undefined;
  const list = useInfiniteQuery(teamworkQuery(account.id, key.id, q));
  const { data, error } = list;
  const team = data?.pages[0];
  const actions = useTeamworkActions(key);
  const [adding, add] = useDisclosure();
  const [leaving, setLeaving] = useState<KeyMember | null>(null);
  const invite = (
    <Why why={team ? whyNot(team.can.invite) : null}>
      <Button leftSection={<IconUserPlus size={15} />} onClick={add.open}>
        Add member
      </Button>
    </Why>
  );
  return (
    <>
      <Refused error={error} />
      {!team && !error && <Skeleton h={260} radius="lg" />}
      {(list.hasNextPage || search.q !== undefined) && <MemberSearch />}
      {team && (
        <Panel
          title="Members of this key"
          hint={`Each draws a value of their own; all of it counts on ${account.name}`}
          actions={invite}
          footer={<FromAccount team={team} />}
          flush
        >
          <KeyMembers
            members={data.pages.flatMap((page) => page.members)}
            roles={rolesOf(team)}
            keyName={key.name}
            actions={actions}
            remove={setLeaving}
          />
        </Panel>
      )}
      <More list={list}>Load more members</More>
      <KeyRoles apiKey={key} />
      {team && <AddMember apiKey={key} team={team} actions={actions} opened={adding} close={add.close} />}
      <RemoveKeyMember apiKey={key} member={leaving} actions={actions} close={() => setLeaving(null)} />
    </>
  );
}

/** Those whose role in the account reaches this key too. */
function FromAccount({ team: { from_account } }: { team: Team }) {
  // The owner always does, and is named above.
  if (from_account <= 1) return null;
  return (
    <Text size="xs" c="dimmed">
      {plural(from_account, 'member')} of the account see or use this key by their role there, whether they are named above or not:{' '}
      <TextLink to={paths.team} size="xs" underline="always">
        My Team
      </TextLink>
    </Text>
  );
}

function KeyRoles({ apiKey: key }: { apiKey: Key }) {
  const { account } = useSeat();
  const scope = { account: account.id, key: key.id };
  const { data: roles, error } = useQuery(rolesQuery(scope));
  const [, change] = useUrl();
  const create = (
    <Why why={roles ? whyNot(roles.can.create) : null}>
      <Button variant="default" leftSection={<IconPlus size={15} />} onClick={() => change({ role: NEW_ROLE }, true)}>
        Create role
      </Button>
    </Why>
  );
  return (
    <>
      <Refused error={error} />
      {!roles && !error && <Skeleton h={180} radius="lg" />}
      {roles && (
        <>
          <Panel title="What each role may do here" hint="On this key alone" actions={create} flush>
            <RoleMatrix roles={roles.roles} modules={roles.modules} open={({ id }) => change({ role: id }, true)} />
          </Panel>
          <RolesDrawer scope={scope} saved={roles} mine={key.permissions} of={key.name} />
        </>
      )}
    </>
  );
}
