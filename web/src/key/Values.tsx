// Values of a key: who may call with it, and until when. Drawing a new one shows it once.
import { Box, Button, Group, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import type { Key, NewValue, Value } from '../api/nouns';
import { useWhyNot } from '../account/seat';
import { Copy } from '../ui/copy';
import { Empty } from '../ui/empty';
import { Mono } from '../ui/mono';
import { useNow } from '../ui/now';
import { Panel } from '../ui/panel';
import { Status } from '../ui/status';
import { dayAndClock } from '../ui/time';
import { useUrl } from '../ui/url';
import { When } from '../ui/when';
import { Who } from '../ui/who';
import { Why, whyNot } from '../ui/why';
import { DrawValue } from './DrawValue';
import { NewValueDialog } from './NewValueDialog';
import { RevokeValue } from './RevokeValue';
import { openValues } from './state';
import { StillUsed } from './StillUsed';

export function Values({ apiKey: key }: { apiKey: Key }) {
  const now = useNow();
  const [{ draw }, change] = useUrl();
  const [drawn, setDrawn] = useState<NewValue | null>(null);
  const values = openValues(key, now);
  const mine = values.find((value) => value.is_mine && value.expires_at === null);
  const start = (
    <Why why={whyNot(key.can.draw)}>
      <Button leftSection={<IconRefresh size={15} />} onClick={() => change({ draw: '1' })}>
        {mine ? 'Regenerate…' : 'Draw mine'}
      </Button>
    </Why>
  );
  return (
    <>
      <Panel title="Values" hint={hint(key)} actions={start} flush>
        {values.length === 0 ? (
          <Empty icon={<IconKey size={20} />} title="No value works" action={start}>
            Nobody can call with this key until a value is drawn. It is shown once, then kept as a hash.
          </Empty>
        ) : (
          <Table aria-label="Values" horizontalSpacing="lg">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Member</Table.Th>
                <Table.Th>Value</Table.Th>
                <Table.Th visibleFrom="sm">Drawn</Table.Th>
                <Table.Th visibleFrom="sm">Last used</Table.Th>
                <Table.Th visibleFrom="sm">Status</Table.Th>
                <Table.Th aria-label="Actions" />
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {values.map((value) => (
                <ValueRow key={value.id} apiKey={key} value={value} />
              ))}
            </Table.Tbody>
          </Table>
        )}
      </Panel>
      {values.some(({ replaced_at }) => replaced_at !== null) && <StillUsed apiKey={key} />}
      <DrawValue
        apiKey={key}
        mine={mine}
        opened={draw !== undefined && drawn === null}
        close={() => change({ draw: undefined })}
        drawn={setDrawn}
      />
      <NewValueDialog keyName={key.name} value={drawn} onStored={() => setDrawn(null)} />
    </>
  );
}

const hint = (key: Key) =>
  key.sharing === 'shared' ? 'one for each member who uses it' : 'the holder’s, and those in their grace period';

function ValueRow({ apiKey: key, value }: { apiKey: Key; value: Value }) {
  const now = useNow();
  const [revoking, revoke] = useDisclosure();
  const mayRevoke = useWhyNot()('keys.revoke');
  const who = value.member ?? { id: null, name: 'Service' };
  return (
    <Table.Tr>
      <Table.Td>
        <Who
          id={who.id}
          name={who.name}
          note={value.is_mine ? 'you' : value.member ? undefined : 'the account itself'}
        />
      </Table.Td>
      <Table.Td>
        <Group gap={4} wrap="nowrap" style={{ whiteSpace: 'nowrap' }}>
          <Mono>{value.mask}</Mono>
          <Box visibleFrom="sm">
            <Copy value={value.id} label={`id of ${value.mask}`} />
          </Box>
        </Group>
        {value.expires_at !== null && (
          <Text size="xs" c="var(--kw-observed-text)" hiddenFrom="sm">
            until {dayAndClock(value.expires_at, now)}
          </Text>
        )}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <When at={value.created_at} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <LastUse value={value} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <ValueState value={value} />
      </Table.Td>
      <Table.Td ta="right">
        <Why why={value.is_mine ? null : mayRevoke}>
          <Button
            variant="subtle"
            color="vermilion"
            size="compact-sm"
            onClick={revoke.open}
            aria-label={`Revoke ${value.mask} of ${who.name}`}
          >
            Revoke…
          </Button>
        </Why>
        <RevokeValue apiKey={key} value={value} opened={revoking} close={revoke.close} />
      </Table.Td>
    </Table.Tr>
  );
}

/** Whose calls one does not see has no last use here either. */
function LastUse({ value }: { value: Value }) {
  if (value.last_used_at === null) {
    return (
      <Text size="sm" c="dimmed">
        —
      </Text>
    );
  }
  return (
    <Group gap={6} wrap="nowrap">
      <When at={value.last_used_at} />
      {value.last_used_from && (
        <Text span size="xs" c="dimmed">
          <Mono>{value.last_used_from}</Mono>
        </Text>
      )}
    </Group>
  );
}

function ValueState({ value }: { value: Value }) {
  const now = useNow();
  if (value.expires_at === null) return <Status tone="good">Works</Status>;
  return <Status tone="warn">{`Replaced, until ${dayAndClock(value.expires_at, now)}`}</Status>;
}
