// Tester: a call through the real gateway with one's own value.
import { Grid, Skeleton, Stack } from '@mantine/core';
import { IconKey } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useInstance } from '../account/query';
import { useAccountId } from '../account/seat';
import type { Key, RequestRow, TestAnswer } from '../api/nouns';
import { apisOf, networksOf, type Api } from '../key/endpoint';
import { keysQuery } from '../key/query';
import { paths } from '../paths';
import { requestQuery } from '../request/query';
import { Empty } from '../ui/empty';
import { ButtonLink } from '../ui/links';
import { Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { Panel } from '../ui/panel';
import { useUrl } from '../ui/url';
import { AnswerPanel } from './AnswerPanel';
import { CallForm, type Target } from './CallForm';
import { exampleCall, replayOf, type CallDraft } from './call';
import { History } from './History';

/** A call that was sent from this page; forgotten when one leaves it. */
export type Sent = { at: string; target: Target; api: Api; draft: CallDraft; answer: TestAnswer };
const KEPT = 20;

export function TesterPage() {
  const [{ replay, row }] = useUrl();
  const account = useAccountId();
  const keys = useQuery(keysQuery(account));
  const { data: instance } = useInstance();
  const replayed = useQuery({ ...requestQuery(account, replay ?? ''), enabled: replay !== undefined });
  const waiting = !keys.data || !instance || (replay !== undefined && replayed.isPending);
  const mine = keys.data?.filter((key) => key.is_mine && key.revoked_at === null) ?? [];
  const from = replayed.data?.requests.find((call) => row === undefined || call.row === row);
  return (
    <Page
      title="Tester"
      lead="Sent through the real gateway with your own value: same lists, same limits, real charge."
    >
      <Refused error={keys.error ?? replayed.error} />
      {waiting && !keys.error && <Skeleton h={420} radius="lg" />}
      {!waiting && mine.length === 0 && (
        <Panel>
          <Empty
            icon={<IconKey size={20} />}
            title="You hold no key"
            action={
              <ButtonLink to={paths.keys} variant="default">
                API keys
              </ButtonLink>
            }
          >
            The tester calls with a value of your own. Create a key, or ask for one.
          </Empty>
        </Panel>
      )}
      {!waiting && mine.length > 0 && <Bench key={from?.row} keys={mine} apis={instance.apis} from={from} />}
    </Page>
  );
}

function Bench({ keys, apis, from }: { keys: Key[]; apis: Api[]; from: RequestRow | undefined }) {
  const [search, change] = useUrl();
  const [sent, setSent] = useState<Sent[]>([]);
  const [shown, setShown] = useState<Sent | null>(null);
  const wantedKey = search.key ?? from?.key.id;
  const key = keys.find(({ id }) => id === wantedKey) ?? keys.find(({ can }) => can.test.allowed) ?? keys[0];
  const open = key ? apisOf(key, apis) : [];
  const api = open.find(({ name }) => name === (search.api ?? from?.api)) ?? open[0];
  const networks = key && api ? networksOf(key, api) : [];
  const wantedNetwork = search.network ?? from?.network;
  const network = networks.find((name) => name === wantedNetwork) ?? networks[0] ?? null;
  const [drafts, setDrafts] = useState<Record<string, CallDraft>>(() => {
    const replayed = from && apis.find(({ name }) => name === from.api);
    return from && replayed ? { [replayed.name]: replayOf(from, replayed) } : {};
  });
  if (!key) return null;
  const draft = api && (drafts[api.name] ?? exampleCall(api));
  const take = (call: Sent) => {
    setSent((before) => [call, ...before].slice(0, KEPT));
    setShown(call);
  };
  const again = (call: Sent) => {
    setShown(call);
    setDrafts({ ...drafts, [call.api.name]: call.draft });
    change({ key: call.target.key.id, api: call.api.name, network: call.target.network ?? undefined });
  };
  return (
    <Grid gap="md">
      <Grid.Col span={{ base: 12, md: 5 }}>
        <Stack gap="md">
          <CallForm
            keys={keys}
            apis={open}
            api={api}
            target={{ key, network }}
            networks={networks}
            draft={draft}
            onDraft={(next) => api && setDrafts({ ...drafts, [api.name]: next })}
            onTarget={change}
            onSent={take}
            lacksBody={from !== undefined}
          />
          <History sent={sent} shown={shown} show={again} />
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 7 }}>
        <AnswerPanel sent={shown} />
      </Grid.Col>
    </Grid>
  );
}
