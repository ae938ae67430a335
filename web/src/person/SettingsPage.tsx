// Settings of the person: name, password, and where they are signed in.
import { SimpleGrid } from '@mantine/core';
import { Page } from '../ui/page';
import { NamePanel } from './NamePanel';
import { PasswordPanel } from './PasswordPanel';
import { SeatsPanel } from './SeatsPanel';
import { SessionsPanel } from './SessionsPanel';

export function SettingsPage() {
  return (
    <Page title="Settings" lead="About you, in every account.">
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="md">
        <NamePanel />
        <PasswordPanel />
      </SimpleGrid>
      <SeatsPanel />
      <SessionsPanel />
    </Page>
  );
}
