// API keys: all that one may see, by environment.
import { Button, Group, SegmentedControl, Select, Skeleton, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus, IconSearch } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useAccount, useInstance } from '../account/query';
import { useSeat, useWhyNot } from '../account/seat';
import type { Count, Key } from '../api/nouns';
import { Empty } from '../ui/empty';
import { int } from '../ui/format';
import { Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { useUrl } from '../ui/url';
import { Why } from '../ui/why';
import { CreateKey } from './CreateKey';
import { EnvironmentPanel } from './EnvironmentPanel';
import { byEnvironment, matches } from './environment';
import { keysQuery } from './query';
import { needsALook } from './state';

export function KeysPage() {
  const seat = useSeat();
  const [search, change] = useUrl();
  const [creating, create] = useDisclosure(search.create !== undefined);
  const { data: keys, error } = useQuery(keysQuery(seat.account.id));
  const count = useAccount().data?.keys;
  const why = useWhyNot()('keys.create') ?? whyFull(count);
  const wanted = (key: Key) =>
    matches(key, search.q ?? '') &&
    (search.show !== 'look' || needsALook(key)) &&
    (!search.api || key.apis.length === 0 || key.apis.includes(search.api));
  const found = keys?.filter(wanted) ?? [];
  const button = (
    <Why why={why}>
      <Button leftSection={<IconPlus size={15} />} onClick={create.open}>
        Create key
      </Button>
    </Why>
  );
  return (
    <Page
      title="API keys"
      lead={count && `${countWord(count)}. What any of them spends counts on ${seat.account.name}.`}
      actions={button}
    >
      {keys && keys.length > 0 && <KeyFilter />}
      <Refused error={error} />
      {!keys && !error && (
        <>
          <Skeleton h={220} radius="lg" />
          <Skeleton h={160} radius="lg" />
        </>
      )}
      {byEnvironment(found).map((environment) => (
        <EnvironmentPanel key={environment.name} environment={environment} />
      ))}
      {keys?.length === 0 && (
        <Panel>
          <Empty icon={<IconKey size={20} />} title="No key yet" action={button}>
            A key says what its values may call. Create one, and its value is shown once.
          </Empty>
        </Panel>
      )}
      {keys && keys.length > 0 && found.length === 0 && (
        <Panel>
          <Empty
            icon={<IconSearch size={20} />}
            title="No key is like this"
            action={
              <Button variant="default" onClick={() => change({ q: undefined, show: undefined, api: undefined })}>
                Show all keys
              </Button>
            }
          >
            None of {int(keys.length)} keys passes the filters above.
          </Empty>
        </Panel>
      )}
      <CreateKey opened={creating} close={create.close} />
    </Page>
  );
}

const countWord = ({ used, max }: Count) => (max === null ? `${int(used)} keys` : `${int(used)} of ${int(max)} keys`);
const whyFull = (count: Count | undefined) =>
  count && count.max !== null && count.used >= count.max
    ? `The plan allows ${int(count.max)} keys, and all are made. Revoke one first.`
    : null;

/** Search, what needs a look, and API; all of it in the address bar. */
function KeyFilter() {
  const [{ q = '', show = 'all', api = '' }, change] = useUrl();
  const apis = useInstance().data?.apis ?? [];
  return (
    <Group gap="xs">
      <TextInput
        aria-label="Search keys"
        placeholder="Search by name, holder or id"
        leftSection={<IconSearch size={15} />}
        w={{ base: '100%', sm: 280 }}
        value={q}
        onChange={(event) => change({ q: event.currentTarget.value || undefined })}
      />
      <SegmentedControl
        aria-label="Which keys"
        data={[
          { value: 'all', label: 'All' },
          { value: 'look', label: 'Needs a look' },
        ]}
        value={show}
        onChange={(next) => change({ show: next === 'all' ? undefined : next })}
      />
      {apis.length > 1 && (
        <Select
          aria-label="API"
          data={[{ value: '', label: 'Every API' }, ...apis.map(({ name, title }) => ({ value: name, label: title }))]}
          value={api}
          onChange={(next) => change({ api: next || undefined })}
          w={140}
        />
      )}
    </Group>
  );
}
