// What one can do to a member; what one may not says why.
import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import {
  IconCalendarOff, IconDots, IconGauge, IconMailForward, IconMailOff, IconPlayerPause, IconPlayerPlay, IconTrash, IconUser, type Icon,
} from '@tabler/icons-react';
import type { Allowed, Member } from '../api/nouns';
import { paths } from '../paths';
import { MenuLink } from '../ui/links';
import type { MemberActions } from './actions';
import type { Question } from './MemberDialogs';

type MemberMenuProps = { member: Member; actions: MemberActions; ask: (question: Question) => void; open?: boolean };

export function MemberMenu({ member, actions, ask, open = true }: MemberMenuProps) {
  const { name, state, can } = member;
  const question = (about: Question['about']) => () => ask({ about, member });
  return (
    <Menu width={230}>
      <Menu.Target>
        <ActionIcon aria-label={`Actions for ${name}`} onClick={(event) => event.stopPropagation()}>
          <IconDots size={17} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown onClick={(event) => event.stopPropagation()}>
        {open && (
          <MenuLink to={paths.member} params={{ member: member.id }} leftSection={<IconUser size={15} />}>
            Open
          </MenuLink>
        )}
        <Item can={can.edit} Icon={IconGauge} run={question('caps')}>
          Change limits…
        </Item>
        <Item can={can.edit} Icon={IconCalendarOff} run={question('end')}>
          Change end…
        </Item>
        {state === 'pending' ? (
          <>
            <Item can={can.resend} Icon={IconMailForward} run={() => actions.quietly(actions.resend(member))}>
              Resend invitation
            </Item>
            <Item can={can.resend} Icon={IconMailOff} run={question('withdraw')} red>
              Withdraw invitation…
            </Item>
          </>
        ) : (
          <>
            {state === 'suspended' ? (
              <Item can={can.activate} Icon={IconPlayerPlay} run={() => actions.quietly(actions.activate(member))}>
                {`Activate ${name}`}
              </Item>
            ) : (
              <Item can={can.suspend} Icon={IconPlayerPause} run={question('suspend')}>
                {`Suspend ${name}…`}
              </Item>
            )}
            <Menu.Divider />
            <Item can={can.remove} Icon={IconTrash} run={question('remove')} red>
              {`Remove ${name}…`}
            </Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

type ItemProps = { can: Allowed; Icon: Icon; run: () => void; red?: boolean; children: string };

function Item({ can, Icon: Sign, run, red, children }: ItemProps) {
  const item = (
    <Menu.Item
      leftSection={<Sign size={15} />}
      color={red && can.allowed ? 'var(--kw-denied-text)' : undefined}
      aria-disabled={!can.allowed}
      c={can.allowed ? undefined : 'dimmed'}
      closeMenuOnClick={can.allowed}
      onClick={can.allowed ? run : undefined}
    >
      {children}
    </Menu.Item>
  );
  return can.allowed ? item : (
    <Tooltip label={can.why ?? 'You may not do this.'} position="left" events={{ hover: true, focus: true, touch: true }}>
      {item}
    </Tooltip>
  );
}
