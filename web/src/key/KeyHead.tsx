// The head of a key's page: where it belongs, how it stands, what one can do with it.
import { Breadcrumbs, Button, Group, Menu, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconChevronDown, IconPencil, IconPlayerPlay, IconPower, IconTrash } from '@tabler/icons-react';
import type { Key } from '../api/nouns';
import { paths } from '../paths';
import { Copy } from '../ui/copy';
import { plural } from '../ui/format';
import { ButtonLink, TextLink } from '../ui/links';
import { Mono } from '../ui/mono';
import { useNow } from '../ui/now';
import { Status } from '../ui/status';
import { day } from '../ui/time';
import { Why, whyNot } from '../ui/why';
import { EditKey } from './EditKey';
import { KeyApis } from './KeyApis';
import { MenuAction } from './MenuAction';
import { RevokeKey } from './RevokeKey';
import { openValues, stateOf } from './state';
import { useSwitchKey } from './useSwitchKey';

export function KeyAbove({ environment }: { environment?: string }) {
  return (
    <Breadcrumbs separator="/" fz="sm">
      <TextLink to={paths.keys} size="sm" c="dimmed">
        API keys
      </TextLink>
      {environment && (
        <Text span size="sm" c="dimmed">
          {environment}
        </Text>
      )}
    </Breadcrumbs>
  );
}

export function KeyLead({ apiKey: key }: { apiKey: Key }) {
  const now = useNow();
  const { tone, word } = stateOf(key, now);
  const holders = new Set(openValues(key, now).flatMap((value) => value.member?.id ?? [])).size;
  const use =
    key.sharing === 'own'
      ? `Held by ${key.holder?.name ?? 'nobody'}`
      : // Who sees no value of others does not know how many there are.
        holders === 0
        ? 'Shared'
        : `Shared by ${plural(holders, 'member')}`;
  return (
    <Group gap="4px 12px" mt={2}>
      <KeyApis apiKey={key} />
      <Status tone={tone}>{word}</Status>
      <Text span size="sm">
        {use}
        {key.expires_at && `, ends ${day(key.expires_at, now)}`}
      </Text>
      {Object.entries(key.metadata).map(([name, value]) => (
        <Text key={name} span size="xs" c="dimmed" style={{ overflowWrap: 'anywhere' }}>
          {name}={value}
        </Text>
      ))}
      <Group gap={2} wrap="nowrap" miw={0}>
        <Mono dimmed truncate>
          {key.id}
        </Mono>
        <Copy value={key.id} label="key id" />
      </Group>
    </Group>
  );
}

export function KeyActions({ apiKey: key }: { apiKey: Key }) {
  const [editing, edit] = useDisclosure();
  const [revoking, revoke] = useDisclosure();
  const flip = useSwitchKey(key);
  const why = whyNot(key.can.edit);
  return (
    <>
      <Why why={whyNot(key.can.test)}>
        <ButtonLink
          to={paths.tester}
          search={{ key: key.id }}
          variant="default"
          leftSection={<IconPlayerPlay size={15} />}
        >
          Test
        </ButtonLink>
      </Why>
      <Menu>
        <Menu.Target>
          <Button variant="default" rightSection={<IconChevronDown size={14} />}>
            Manage
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <MenuAction why={why} icon={<IconPencil size={15} />} onClick={edit.open}>
            Edit…
          </MenuAction>
          <MenuAction why={why} icon={<IconPower size={15} />} onClick={flip}>
            {key.disabled_at ? 'Enable' : 'Disable'}
          </MenuAction>
          <Menu.Divider />
          <MenuAction why={whyNot(key.can.revoke)} icon={<IconTrash size={15} />} onClick={revoke.open} red>
            Revoke {key.name}…
          </MenuAction>
        </Menu.Dropdown>
      </Menu>
      <EditKey apiKey={key} opened={editing} close={edit.close} />
      <RevokeKey apiKey={key} opened={revoking} close={revoke.close} />
    </>
  );
}
