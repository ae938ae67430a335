// The column at the left: account, search, pages, quotas, person.
import { Box, Button, Divider, Group, Kbd, NavLink, Stack, Text } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link, useLocation } from '@tanstack/react-router';
import type { Me, Seat } from '../api/nouns';
import { Wordmark } from '../ui/brand';
import { AccountSwitcher } from './AccountSwitcher';
import { isAt, sectionsFor, type Destination, type Section } from './navigation';
import { openPalette } from './palette-door';
import { PersonMenu } from './PersonMenu';
import { QuotaBars } from './QuotaBars';
import { SchemeSwitch } from './SchemeSwitch';
import classes from './shell.module.css';

type NavigationProps = { me: Me; seat: Seat | undefined; close: () => void };

export function Navigation({ me, seat, close }: NavigationProps) {
  const isActive = seat?.state === 'active';
  return (
    <>
      <Box px={8} mb="lg" visibleFrom="sm">
        <Wordmark />
      </Box>
      {seat && <AccountSwitcher me={me} seat={seat} close={close} />}
      {isActive && <SearchButton close={close} />}
      <Stack gap={1} flex={1} mt={isActive ? 0 : 'xs'} className={classes.sections}>
        {sectionsFor(me, isActive ? seat : undefined).map((section) => (
          <SectionLinks key={section.title ?? 'main'} section={section} close={close} />
        ))}
      </Stack>
      {isActive && <QuotaBars account={seat.account.id} />}
      <Divider my="sm" color="var(--kw-hairline)" />
      <Group justify="space-between" wrap="nowrap" gap={4}>
        <PersonMenu me={me} seat={seat} close={close} />
        <SchemeSwitch />
      </Group>
    </>
  );
}

function SearchButton({ close }: { close: () => void }) {
  return (
    <Button
      variant="subtle"
      color="gray"
      fullWidth
      justify="space-between"
      mb="xs"
      px={8}
      mih={32}
      leftSection={<IconSearch size={16} />}
      rightSection={<Kbd size="xs" visibleFrom="sm">Ctrl K</Kbd>}
      styles={{
        label: { marginInlineEnd: 'auto', fontWeight: 400, color: 'var(--mantine-color-dimmed)' },
        section: { color: 'var(--mantine-color-dimmed)' },
      }}
      onClick={() => {
        close();
        void openPalette();
      }}
    >
      Search
    </Button>
  );
}

function SectionLinks({ section, close }: { section: Section; close: () => void }) {
  return (
    <Box className={section.title ? classes.section : undefined}>
      {section.title && (
        <Text size="xs" c="dimmed" px={8} mb={4}>
          {section.title}
        </Text>
      )}
      {section.links.map((link) => (
        <PageLink key={link.to} link={link} close={close} />
      ))}
    </Box>
  );
}

function PageLink({ link, close }: { link: Destination; close: () => void }) {
  const { pathname } = useLocation();
  const active = isAt(pathname, link);
  return (
    <NavLink
      label={link.label}
      active={active}
      aria-current={active ? 'page' : undefined}
      leftSection={<link.Icon size={17} stroke={1.6} />}
      color="petrol"
      bdrs="md"
      className={classes.link}
      onClick={close}
      styles={{ label: { fontSize: 13.5, fontWeight: active ? 600 : 400 }, section: { marginInlineEnd: 9 } }}
      // Which entry is lit is said above: a router would light every page above the one shown, too.
      renderRoot={(props) => <Link to={link.to} activeOptions={{ exact: true }} {...props} />}
    />
  );
}
