// The call to send: key, API, network, and what to ask.
import { Button, Group, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { IconSend } from '@tabler/icons-react';
import { useState, type FormEvent } from 'react';
import { answer, client } from '../api/client';
import type { Key } from '../api/nouns';
import { useAccount } from '../account/query';
import { useAccountId } from '../account/seat';
import { fullest } from '../account/usage';
import type { Api } from '../key/endpoint';
import { figure, perPeriod } from '../ui/format';
import { Notice, Refused } from '../ui/notice';
import { Panel } from '../ui/panel';
import type { Search } from '../ui/url';
import { Why, whyNot } from '../ui/why';
import { flawsOf, toSend, type CallDraft } from './call';
import { RestFields, RpcFields } from './CallFields';
import { Preview } from './Preview';
import type { Sent } from './TesterPage';

export type Target = { key: Key; network: string | null };

type FormProps = {
  keys: Key[];
  apis: Api[];
  api: Api | undefined;
  networks: string[];
  target: Target;
  draft: CallDraft | undefined;
  onDraft: (draft: CallDraft) => void;
  onTarget: (target: Search) => void;
  onSent: (sent: Sent) => void;
  /** A replayed row: its parameters and body are not in the log. */
  lacksBody: boolean;
};

export function CallForm({
  keys,
  apis,
  api,
  networks,
  target,
  draft,
  onDraft,
  onTarget,
  onSent,
  lacksBody,
}: FormProps) {
  const account = useAccountId();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const { key, network } = target;
  const flaws = api && draft ? flawsOf(api, draft) : {};
  const why =
    whyNot(key.can.test) ?? (api ? null : 'This key opens no API that is offered') ?? Object.values(flaws)[0] ?? null;
  const send = async (event: FormEvent) => {
    event.preventDefault();
    if (why !== null || busy || !api || !draft) return;
    setBusy(true);
    setError(null);
    try {
      const reply = await answer(
        client.POST('/accounts/{account}/keys/{key}/calls', {
          params: { path: { account, key: key.id } },
          body: toSend(api, network, draft),
        }),
      );
      onSent({ at: new Date().toISOString(), target, api, draft, answer: reply });
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };
  const footer = (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm" c="dimmed">
        <Left api={api?.name} />
      </Text>
      <Why why={why}>
        <Button type="submit" form="call" loading={busy} leftSection={<IconSend size={15} />}>
          Send
        </Button>
      </Why>
    </Group>
  );
  return (
    <Panel title="Call" footer={footer}>
      <form id="call" onSubmit={send}>
        <Stack gap="sm">
          <SimpleGrid cols={networks.length > 0 ? { base: 1, xs: 3 } : 2} spacing="sm">
            <Select
              label="Key"
              searchable
              data={keys.map(({ id, name }) => ({ value: id, label: name }))}
              value={key.id}
              onChange={(id) => onTarget({ key: id ?? undefined })}
            />
            <Select
              label="API"
              data={apis.map(({ name, title }) => ({ value: name, label: title }))}
              value={api?.name ?? null}
              onChange={(name) => onTarget({ api: name ?? undefined, network: undefined })}
            />
            {networks.length > 0 && (
              <Select
                label="Network"
                data={networks}
                value={network}
                onChange={(name) => onTarget({ network: name ?? undefined })}
              />
            )}
          </SimpleGrid>
          {lacksBody && <Notice>The log keeps no parameters and no body: write them again if the call had any.</Notice>}
          {api &&
            draft &&
            (api.protocol === 'json-rpc' ? (
              <RpcFields api={api} draft={draft} onDraft={onDraft} flaws={flaws} />
            ) : (
              <RestFields draft={draft} onDraft={onDraft} flaws={flaws} />
            ))}
          {api && draft && <Preview apiKey={key} api={api} network={network} draft={draft} />}
          <Refused error={error} />
        </Stack>
      </form>
    </Panel>
  );
}

/** What is left of the quota that the call counts on. */
function Left({ api }: { api: string | undefined }) {
  const subscription = useAccount().data?.subscriptions.find((one) => one.api === api);
  const usage = subscription && fullest(subscription.quotas);
  if (!usage) return <>Counts like any other call</>;
  return (
    <>
      {figure(Math.max(0, usage.limit - usage.used))} {usage.metric} left of {figure(usage.limit)}{' '}
      {perPeriod(usage.period)}
    </>
  );
}
