// Settings of the person: who they are, and what proves it.
import { SimpleGrid, Tabs } from '@mantine/core';
import { useLocation, useNavigate } from '@tanstack/react-router';
import { paths } from '../paths';
import { Page } from '../ui/page';
import { AccessTokensPanel } from './AccessTokensPanel';
import { AddressPanel } from './AddressPanel';
import { NamePanel } from './NamePanel';
import { PasswordPanel } from './PasswordPanel';
import { SeatsPanel } from './SeatsPanel';
import { SecondFactorPanel } from './SecondFactorPanel';
import { SessionsPanel } from './SessionsPanel';

const TABS = [
  { path: paths.settings, name: 'you', word: 'You', Body: You },
  { path: paths.settingsSecurity, name: 'security', word: 'Security', Body: Security },
] as const;

export function SettingsPage() {
  const { pathname } = useLocation();
  const navigate = useNavigate();
  const current = TABS.find(({ path }) => path === pathname.replace(/\/$/, '')) ?? TABS[0];
  const go = (name: string | null) => {
    const tab = TABS.find((one) => one.name === name);
    if (tab) void navigate({ to: tab.path });
  };
  const tabs = (
    <Tabs value={current.name} onChange={go}>
      <Tabs.List>
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
    <Page title="Settings" lead="About you, in every account." tabs={tabs}>
      <current.Body />
    </Page>
  );
}

function You() {
  return (
    <>
      <NamePanel />
      <AddressPanel />
      <SeatsPanel />
    </>
  );
}

function Security() {
  return (
    <>
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <PasswordPanel />
        <SecondFactorPanel />
      </SimpleGrid>
      <AccessTokensPanel />
      <SessionsPanel />
    </>
  );
}
