// API keys: all that one may see, by environment.
import { Button, Group, SegmentedControl, Select, Skeleton, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconKey, IconPlus, IconSearch } from '@tabler/icons-react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useAccount, useInstance } from '../account/query';
import { useSeat, useWhyNot } from '../account/seat';
import type { Count, Key } from '../api/nouns';
import { Empty } from '../ui/empty';
import { int } from '../ui/format';
import { More } from '../ui/more';
import { Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { useUrl, type Search } from '../ui/url';
import { Why } from '../ui/why';
import { CreateKey } from './CreateKey';
import { EnvironmentPanel } from './EnvironmentPanel';
import { byEnvironment } from './environment';
import { keyPagesQuery, type KeysAsked } from './query';
import { needsALook } from './state';

export function KeysPage() {
  const seat = useSeat();
  const [search, change] = useUrl();
  const [creating, create] = useDisclosure(search.create !== undefined);
  const asked = askedOf(search);
  const list = useInfiniteQuery(keyPagesQuery(seat.account.id, asked));
  const { error } = list;
  const keys = list.data?.pages.flatMap((page) => page.keys);
  const isAll = Object.values(asked).every((one) => one === undefined);
  const count = useAccount().data?.keys;
  const why = useWhyNot()('keys.create') ?? whyFull(count);
  const wanted = (key: Key) =>
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
      {keys && (keys.length > 0 || !isAll) && <KeyFilter />}
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
      <More list={list}>Load more keys</More>
      {keys?.length === 0 && isAll && (
        <Panel>
          <Empty icon={<IconKey size={20} />} title="No key yet" action={button}>
            A key says what its values may call. Create one, and its value is shown once.
          </Empty>
        </Panel>
      )}
      {keys && (keys.length > 0 || !isAll) && found.length === 0 && (
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
            None of the keys that you see passes the filters above{list.hasNextPage && ' so far'}.
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

/** What the address bar says, as the API is asked: a text with `=` is a pair of metadata, any other a part of the name. */
export function askedOf({ q, show }: Search): KeysAsked {
  const text = q?.trim() || undefined;
  const isPair = text !== undefined && /^[\w.-]+=./.test(text);
  return {
    q: isPair ? undefined : text,
    metadata: isPair ? text : undefined,
    status: show === 'expires_soon' || show === 'disabled' ? show : undefined,
  };
}

/** Search, what needs a look, and API; all of it in the address bar. */
function KeyFilter() {
  const [{ q = '', show = 'all', api = '' }, change] = useUrl();
  const apis = useInstance().data?.apis ?? [];
  return (
    <Group gap="xs">
      <TextInput
        aria-label="Search keys"
        placeholder="Search by name, or team=Payments"
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
          { value: 'expires_soon', label: 'Ends soon' },
          { value: 'disabled', label: 'Disabled' },
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
