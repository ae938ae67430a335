// The four tabs at the foot of a phone.
import { Group, Stack, Text, UnstyledButton } from '@mantine/core';
import { Link, useLocation } from '@tanstack/react-router';
import type { Seat } from '../api/nouns';
import { isAt, tabsFor } from './navigation';

export function TabBar({ seat }: { seat: Seat }) {
  const { pathname } = useLocation();
  return (
    <Group h="100%" grow gap={0}>
      {tabsFor(seat).map((tab) => {
        const active = isAt(pathname, tab);
        return (
          <UnstyledButton
            key={tab.to}
            h="100%"
            aria-current={active ? 'page' : undefined}
            renderRoot={(props) => <Link to={tab.to} {...props} />}
          >
            <Stack gap={2} h="100%" align="center" justify="center" c={active ? 'var(--mantine-color-anchor)' : 'dimmed'}>
              <tab.Icon size={20} stroke={1.6} />
              <Text fz={11} fw={active ? 640 : 450}>
                {tab.label}
              </Text>
            </Stack>
          </UnstyledButton>
        );
      })}
    </Group>
  );
}
