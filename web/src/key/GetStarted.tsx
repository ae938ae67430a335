// Get started: the key's addresses, and code that calls them. A pasted value stays on this page.
import { Group, PasswordInput, SegmentedControl, Select, Stack, Table, Text } from '@mantine/core';
import { IconKey, IconLock, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useInstance } from '../account/query';
import type { Key } from '../api/nouns';
import { paths } from '../paths';
import { Copy } from '../ui/copy';
import { Empty } from '../ui/empty';
import { ButtonLink } from '../ui/links';
import { Mono } from '../ui/mono';
import { Panel } from '../ui/panel';
import { Snippets } from '../ui/snippets';
import { useUrl } from '../ui/url';
import { whyNot, Why } from '../ui/why';
import { apisOf, endpointsOf, withValue, type Api } from './endpoint';
import { snippetsOf } from './snippets';

export function GetStarted({ apiKey: key }: { apiKey: Key }) {
  const [value, setValue] = useState('');
  const [search, change] = useUrl();
  const { data: instance } = useInstance();
  if (!instance) return null;
  const apis = apisOf(key, instance.apis);
  const api = apis.find(({ name }) => name === search.api) ?? apis[0];
  if (!api)
    return (
      <Panel>
        <Empty icon={<IconKey size={20} />} title="This key opens no API">
          The APIs it was made for are not offered any more.
        </Empty>
      </Panel>
    );
  return (
    <>
      <Panel title="Your value" hint="for the snippets below">
        <Group align="start" gap="sm">
          <PasswordInput
            flex={1}
            miw={240}
            aria-label="Your value"
            placeholder="Paste kw_…"
            autoComplete="off"
            spellCheck={false}
            leftSection={<IconLock size={15} />}
            value={value}
            onChange={(event) => setValue(event.currentTarget.value.trim())}
            description="It stays in this page: not sent, not stored, gone when you leave."
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            visibilityToggleButtonProps={{ 'aria-label': 'Show or hide the value', tabIndex: 0, 'aria-hidden': false }}
            styles={{ innerInput: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 12 } }}
          />
          <Why why={whyNot(key.can.draw)}>
            <ButtonLink
              to={paths.keyValues}
              params={{ key: key.id }}
              search={{ draw: '1' }}
              variant="default"
              leftSection={<IconRefresh size={15} />}
            >
              Draw a new value…
            </ButtonLink>
          </Why>
        </Group>
      </Panel>
      {apis.length > 1 && (
        <SegmentedControl
          aria-label="API"
          w="fit-content"
          data={apis.map(({ name, title }) => ({ value: name, label: title }))}
          value={api.name}
          onChange={(name) => change({ api: name, network: undefined })}
        />
      )}
      <Endpoints key={api.name} apiKey={key} api={api} value={value} />
    </>
  );
}

function Endpoints({ apiKey: key, api, value }: { apiKey: Key; api: Api; value: string }) {
  const [search, change] = useUrl();
  const endpoints = endpointsOf(key, api);
  const chosen = endpoints.find(({ network }) => network === search.network) ?? endpoints[0];
  if (!chosen)
    return (
      <Panel>
        <Empty icon={<IconKey size={20} />} title="No address here">
          This key opens none of the networks of {api.title}.
        </Empty>
      </Panel>
    );
  return (
    <>
      <Panel title="Addresses" hint={where(chosen.place)} flush>
        <Table aria-label={`Addresses of ${api.title}`} horizontalSpacing="lg" highlightOnHover={false}>
          <Table.Tbody>
            {endpoints.map((endpoint) => (
              <Table.Tr key={endpoint.network ?? api.name}>
                <Table.Td w={140} visibleFrom="sm">
                  {endpoint.network ?? api.title}
                </Table.Td>
                <Table.Td style={{ overflowWrap: 'anywhere' }}>
                  <Text hiddenFrom="sm" size="xs" c="dimmed">
                    {endpoint.network ?? api.title}
                  </Text>
                  <Mono>{endpoint.url}</Mono>
                </Table.Td>
                <Table.Td w={44} ta="right" ps={0}>
                  <Copy
                    value={value ? withValue(endpoint, value) : endpoint.url}
                    label={`address of ${endpoint.network ?? api.title}`}
                  />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Panel>
      <Panel
        title="Try it"
        actions={
          endpoints.length > 1 && (
            <Select
              aria-label="Network"
              w={150}
              data={endpoints.flatMap(({ network }) => network ?? [])}
              value={chosen.network}
              onChange={(network) => change({ network: network ?? undefined })}
            />
          )
        }
      >
        <Stack gap="xs">
          <Snippets snippets={snippetsOf(api, key, chosen, value)} />
          {value === '' && (
            <Text size="xs" c="dimmed">
              YOUR_VALUE stands for the value you were shown once. Lost it? Draw a new one above.
            </Text>
          )}
        </Stack>
      </Panel>
    </>
  );
}

const where = (place: 'path' | { header: string }) =>
  place === 'path' ? 'your value goes in the place of {key}' : `your value goes into the header ${place.header}`;
