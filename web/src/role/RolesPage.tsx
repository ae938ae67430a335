// Account › Roles: what each role of the account allows, and who holds it.
import { Avatar, Button, Group, Skeleton, Text, Tooltip } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useSeat } from '../account/seat';
import type { Member, Role } from '../api/nouns';
import { membersQuery } from '../member/query';
import { Face } from '../ui/face';
import { Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { useUrl } from '../ui/url';
import { Why, whyNot } from '../ui/why';
import { rolesQuery } from './query';
import { RoleMatrix } from './RoleMatrix';
import { NEW_ROLE, RolesDrawer } from './RolesDrawer';

/** More faces than these become a number. */
const MOST_FACES = 4;

export function RolesPage() {
  const { account, permissions } = useSeat();
  const scope = { account: account.id };
  const { data: roles, error } = useQuery(rolesQuery(scope));
  const { data: members = [] } = useQuery(membersQuery(account.id));
  const [, change] = useUrl();
  const create = (
    <Why why={roles ? whyNot(roles.can.create) : null}>
      <Button leftSection={<IconPlus size={15} />} onClick={() => change({ role: NEW_ROLE }, true)}>
        Create role
      </Button>
    </Why>
  );
  return (
    <Page title="Roles" lead={`What a role lets its members do in ${account.name}, on every key of it.`} actions={create}>
      <Refused error={error} />
      {!roles && !error && <Skeleton h={260} radius="lg" />}
      {roles && (
        <>
          <Panel
            title="What each role may do"
            hint="A key can have roles of its own, on its Teamwork page"
            flush
          >
            <RoleMatrix
              roles={roles.roles}
              modules={roles.modules}
              open={({ id }) => change({ role: id }, true)}
              holders={(role) => <Holders role={role} members={members} />}
            />
          </Panel>
          <RolesDrawer scope={scope} saved={roles} mine={permissions} of={account.name} />
        </>
      )}
    </Page>
  );
}

function Holders({ role, members }: { role: Role; members: readonly Member[] }) {
  const holders = members.filter((member) => member.role === role.id);
  if (role.holders === 0) {
    return (
      <Text span size="sm" c="dimmed">
        nobody
      </Text>
    );
  }
  const shown = Math.min(holders.length, MOST_FACES);
  const beyond = Math.max(role.holders - holders.length, 0);
  const names = [...holders.map(({ name }) => name), ...(beyond > 0 ? [`${beyond} more`] : [])].join(', ');
  return (
    <Tooltip label={names}>
      <Group gap={8} wrap="nowrap" tabIndex={0} role="img" aria-label={names}>
        {holders.length === 1 && beyond === 0 ? (
          <>
            <Face id={holders[0]!.id} name={holders[0]!.name} size={22} />
            <Text span size="sm" truncate maw={120}>
              {holders[0]!.name}
            </Text>
          </>
        ) : (
          <Avatar.Group spacing={5}>
            {holders.slice(0, MOST_FACES).map(({ id, name }) => (
              <Face key={id} id={id} name={name} size={22} />
            ))}
            {role.holders > shown && (
              <Text span size="xs" c="dimmed" ms={10}>
                and {role.holders - shown} more
              </Text>
            )}
          </Avatar.Group>
        )}
      </Group>
    </Tooltip>
  );
}
