// The account in use, and the others one has a seat in.
import { Group, Menu, Text, UnstyledButton } from '@mantine/core';
import { IconCheck, IconSelector } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { rememberAccount } from '../account/seat';
import type { Me, Seat } from '../api/nouns';
import { paths } from '../paths';
import classes from './shell.module.css';

type SwitcherProps = { me: Me; seat: Seat; close: () => void };

export function AccountSwitcher({ me, seat, close }: SwitcherProps) {
  const navigate = useNavigate();
  const use = (id: string) => {
    rememberAccount(id);
    close();
    void navigate({ to: paths.overview, search: { account: id } });
  };
  return (
    <Menu position="bottom-start" width={204}>
      <Menu.Target>
        <UnstyledButton className={classes.switcher} mb={8} mih={37} aria-label={`Switch account, now ${seat.account.name}`}>
          <Group justify="space-between" wrap="nowrap">
            <Text size="sm" fw={600} truncate>
              {seat.account.name}
            </Text>
            <IconSelector size={15} color="var(--mantine-color-dimmed)" style={{ flex: 'none' }} />
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Accounts you have a seat in</Menu.Label>
        {me.seats
          .filter(({ state }) => state === 'active' || state === 'suspended')
          .map(({ account, role_name, state }) => (
            <Menu.Item
              key={account.id}
              onClick={() => use(account.id)}
              rightSection={account.id === seat.account.id ? <IconCheck size={15} aria-label="in use" /> : undefined}
            >
              <Text size="sm" truncate>
                {account.name}
              </Text>
              <Text size="xs" c="dimmed">
                {`${role_name ?? 'keys only'}${state === 'suspended' ? ', suspended' : ''}`}
              </Text>
            </Menu.Item>
          ))}
      </Menu.Dropdown>
    </Menu>
  );
}
