// The access tokens with which programs act for one, and the end of each.
import { Button, Modal, Skeleton, Table, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlus, IconTerminal2 } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, client } from '../api/client';
import type { AccessToken } from '../api/nouns';
import { CodeBlock } from '../ui/code';
import { Confirm } from '../ui/confirm';
import { Empty } from '../ui/empty';
import { plural } from '../ui/format';
import { Mono } from '../ui/mono';
import { note, Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import { ShownOnce } from '../ui/shown-once';
import { When } from '../ui/when';
import { accessTokensQuery } from './access-tokens';
import { MakeAccessToken } from './MakeAccessToken';

export function AccessTokensPanel() {
  const cache = useQueryClient();
  const { data: tokens, error } = useQuery(accessTokensQuery);
  const [making, make] = useDisclosure();
  const [made, setMade] = useState<string | null>(null);
  const [ending, setEnding] = useState<AccessToken | null>(null);
  const changed = () => cache.invalidateQueries(accessTokensQuery);
  const end = async ({ id, name }: AccessToken) => {
    await answer(client.DELETE('/access-tokens/{access_token}', { params: { path: { access_token: id } } }));
    await changed();
    note.done(`${name} is let in no more.`);
  };
  const start = (
    <Button variant={tokens?.length ? 'default' : 'filled'} leftSection={<IconPlus size={15} />} onClick={make.open}>
      Make a token…
    </Button>
  );
  return (
    <Panel title="Access tokens" hint="Programs that act for you" actions={tokens?.length ? start : undefined} flush={Boolean(tokens?.length)}>
      <Refused error={error} />
      {!tokens && !error && <Skeleton h={96} />}
      {tokens?.length === 0 && (
        <Empty icon={<IconTerminal2 size={20} />} title="No access tokens" action={start}>
          With one, a script or another program does in your name what you choose, through the REST API, until you end it.
        </Empty>
      )}
      {tokens && tokens.length > 0 && <Tokens tokens={tokens} end={setEnding} />}
      <MakeAccessToken opened={making} close={make.close} made={(text) => { setMade(text); void changed(); }} />
      <Made text={made} onStored={() => setMade(null)} />
      <Confirm
        opened={ending !== null}
        close={() => setEnding(null)}
        title={`End the access token ${ending?.name}?`}
        action={`End ${ending?.name}`}
        run={() => (ending ? end(ending) : Promise.resolve())}
      >
        The program that has <Mono>{ending?.mask ?? ''}</Mono> is refused from then on. What it did stays.
      </Confirm>
    </Panel>
  );
}

function Tokens({ tokens, end }: { tokens: AccessToken[]; end: (token: AccessToken) => void }) {
  return (
    <Table aria-label="Access tokens" verticalSpacing={10} horizontalSpacing="lg">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Token</Table.Th>
          <Table.Th visibleFrom="sm">For</Table.Th>
          <Table.Th visibleFrom="sm">Last used</Table.Th>
          <Table.Th visibleFrom="md">Ends</Table.Th>
          <Table.Th w={110} aria-label="Actions" />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {tokens.map((token) => (
          <Table.Tr key={token.id}>
            <Table.Td style={{ overflowWrap: 'anywhere' }}>
              {token.name}
              <Text size="xs" c="dimmed">
                <Mono dimmed>{token.mask}</Mono>
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm" title={token.permissions.join(', ')}>
              {token.account?.name ?? 'This Keyward'}
              <Text size="xs" c="dimmed">
                {[token.permissions.length > 0 && plural(token.permissions.length, 'permission'), token.is_operator && 'operator']
                  .filter(Boolean)
                  .join(', ')}
              </Text>
            </Table.Td>
            <Table.Td visibleFrom="sm">{token.used_at ? <When at={token.used_at} /> : 'Never'}</Table.Td>
            <Table.Td visibleFrom="md">{token.expires_at ? <When at={token.expires_at} as="day" /> : 'Never'}</Table.Td>
            <Table.Td ta="right">
              <Button variant="default" onClick={() => end(token)}>
                End…
              </Button>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Made({ text, onStored }: { text: string | null; onStored: () => void }) {
  return (
    <Modal
      opened={text !== null}
      onClose={() => undefined}
      title="Your access token"
      size={620}
      closeOnClickOutside={false}
      closeOnEscape={false}
      withCloseButton={false}
    >
      {text !== null && (
        <ShownOnce text={text} label="access token" onStored={onStored}>
          <Text size="sm">A program sends it with each request to the REST API, and no cookie.</Text>
          <CodeBlock
            label="how a program sends it"
            text={`curl -H 'authorization: Bearer ${text}' ${window.location.origin}/api/v1/me`}
          />
        </ShownOnce>
      )}
    </Modal>
  );
}
