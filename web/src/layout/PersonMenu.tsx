// Who is signed in, and the way out.
import { Box, Group, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconLogout, IconSettings } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import type { Me, Seat } from '../api/nouns';
import { paths } from '../paths';
import { signOut } from '../person/me';
import { Face } from '../ui/face';
import { MenuLink } from '../ui/links';
import { note } from '../ui/notice';
import classes from './shell.module.css';

export function PersonMenu({ me, seat, close }: { me: Me; seat: Seat | undefined; close: () => void }) {
  const navigate = useNavigate();
  const leave = async () => {
    try {
      await signOut();
      await navigate({ to: paths.signIn });
    } catch (refusal) {
      note.refused(refusal);
    }
  };
  const { name, email } = me.person;
  return (
    <Menu position="top-start">
      <Menu.Target>
        <UnstyledButton className={classes.person} aria-label={`${name}, your menu`}>
          <Group gap={8} wrap="nowrap" miw={0}>
            <Face id={seat?.member_id ?? null} name={name} size={28} />
            <Box miw={0}>
              <Text size="sm" fw={560} lh={1.25} truncate>
                {name}
              </Text>
              <Text size="xs" c="dimmed" truncate>
                {seat ? titled(seat.role_name ?? 'keys only') : email}
              </Text>
            </Box>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{email}</Menu.Label>
        <MenuLink to={paths.settings} leftSection={<IconSettings size={15} />} onClick={close}>
          Settings
        </MenuLink>
        <Menu.Item leftSection={<IconLogout size={15} />} onClick={leave}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

const titled = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);
