// A line of a menu that stays readable while it is off, and says why.
import { Menu } from '@mantine/core';
import type { ReactNode } from 'react';
import { Why } from '../ui/why';

type ActionProps = { why: string | null; icon?: ReactNode; red?: boolean; onClick: () => void; children: ReactNode };

export function MenuAction({ why, icon, red, onClick, children }: ActionProps) {
  return (
    <Why why={why}>
      <Menu.Item leftSection={icon} color={red ? 'vermilion' : undefined} onClick={onClick}>
        {children}
      </Menu.Item>
    </Why>
  );
}
