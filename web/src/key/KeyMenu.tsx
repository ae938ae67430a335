// What one can do with a key without opening it; what one may not do says why.
import { ActionIcon, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconPlayerPlay, IconPower, IconRefresh, IconTrash } from '@tabler/icons-react';
import type { Key } from '../api/nouns';
import { paths } from '../paths';
import { MenuLink } from '../ui/links';
import { whyNot } from '../ui/why';
import { MenuAction } from './MenuAction';
import { RevokeKey } from './RevokeKey';
import { useSwitchKey } from './useSwitchKey';

export function KeyMenu({ apiKey: key }: { apiKey: Key }) {
  const [revoking, revoke] = useDisclosure();
  const flip = useSwitchKey(key);
  return (
    <>
      <Menu>
        <Menu.Target>
          <ActionIcon aria-label={`Actions for ${key.name}`}>
            <IconDots size={17} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuLink to={paths.tester} search={{ key: key.id }} leftSection={<IconPlayerPlay size={15} />}>
            Test
          </MenuLink>
          <MenuLink to={paths.keyValues} params={{ key: key.id }} leftSection={<IconRefresh size={15} />}>
            Values…
          </MenuLink>
          <MenuAction why={whyNot(key.can.edit)} icon={<IconPower size={15} />} onClick={flip}>
            {key.disabled_at ? 'Enable' : 'Disable'}
          </MenuAction>
          <Menu.Divider />
          <MenuAction why={whyNot(key.can.revoke)} icon={<IconTrash size={15} />} onClick={revoke.open} red>
            Revoke {key.name}…
          </MenuAction>
        </Menu.Dropdown>
      </Menu>
      <RevokeKey apiKey={key} opened={revoking} close={revoke.close} />
    </>
  );
}
