// One key: how it is used, its values, what a call must pass, and who is on it.
import { Skeleton, Tabs } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useLocation, useNavigate, useParams } from '@tanstack/react-router';
import { useAccountId } from '../account/seat';
import type { Key } from '../api/nouns';
import { paths } from '../paths';
import { Teamwork } from '../teamwork/Teamwork';
import { Refused } from '../ui/notice';
import { Page } from '../ui/page';
import { GetStarted } from './GetStarted';
import { KeyAbove, KeyActions, KeyLead } from './KeyHead';
import { History } from './History';
import { keyQuery } from './query';
import { Security } from './Security';
import { Values } from './Values';

const TABS = [
  { path: paths.key, name: 'start', word: 'Get started', Body: GetStarted },
  { path: paths.keyValues, name: 'values', word: 'Values', Body: Values },
  { path: paths.keySecurity, name: 'security', word: 'Security', Body: Security },
  { path: paths.keyHistory, name: 'history', word: 'History', Body: History },
  { path: paths.keyTeamwork, name: 'teamwork', word: 'Teamwork', Body: Teamwork },
] as const;

export function KeyPage() {
  const { key = '' } = useParams({ strict: false });
  const account = useAccountId();
  const { data, error } = useQuery(keyQuery(account, key));
  if (!data) {
    return (
      <Page title="Key" above={<KeyAbove />}>
        {error ? (
          <Refused error={error} />
        ) : (
          <>
            <Skeleton h={180} radius="lg" />
            <Skeleton h={260} radius="lg" />
          </>
        )}
      </Page>
    );
  }
  return <OneKey key={data.id} apiKey={data} />;
}

function OneKey({ apiKey: key }: { apiKey: Key }) {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const current = TABS.find(({ path }) => path.replace('$key', key.id) === pathname.replace(/\/$/, '')) ?? TABS[0];
  const go = (name: string | null) => {
    const tab = TABS.find((one) => one.name === name);
    if (tab) void navigate({ to: tab.path, params: { key: key.id } });
  };
  const tabs = (
    <Tabs value={current.name} onChange={go}>
      <Tabs.List style={{ flexWrap: 'nowrap', overflowX: 'auto', overflowY: 'hidden' }}>
        {TABS.map(({ name, word }) => (
          <Tabs.Tab key={name} value={name}>
            {word}
          </Tabs.Tab>
        ))}
      </Tabs.List>
      {TABS.map(({ name }) => (
        <Tabs.Panel key={name} value={name}>
          {null}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
  return (
    <Page
      title={key.name}
      above={<KeyAbove environment={key.environment} />}
      lead={<KeyLead apiKey={key} />}
      actions={<KeyActions apiKey={key} />}
      tabs={tabs}
    >
      <current.Body apiKey={key} />
    </Page>
  );
}
