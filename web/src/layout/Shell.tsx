// The frame around every page of someone signed in.
import { ActionIcon, AppShell, Burger, Group } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { Outlet, useLocation } from '@tanstack/react-router';
import { lazy, Suspense, useEffect } from 'react';
import { chooseSeat, rememberAccount, SeatContext } from '../account/seat';
import type { Me, Seat } from '../api/nouns';
import { paths } from '../paths';
import { useMe } from '../person/me';
import { Wordmark } from '../ui/brand';
import { useUrl } from '../ui/url';
import { NoSeat, OtherAccount } from './NoSeat';
import { Navigation } from './Navigation';
import { NeedsSecondFactor } from './NeedsSecondFactor';
import { openPalette } from './palette-door';
import { AccountSuspended, Suspended } from './Suspended';
import { TabBar } from './TabBar';
import classes from './shell.module.css';

const TAB_BAR_PX = 58;

/** Pages about the person or the installation, not about an account: open to who has no active seat. */
const personal: string[] = [paths.settings, paths.outbox, '/operator'];

const Palette = lazy(() => import('./Palette'));

export function Shell() {
  const me = useMe();
  const [search] = useUrl();
  const { pathname } = useLocation();
  const [open, navigation] = useDisclosure();
  const seat = chooseSeat(me, search.account);
  const asked = search.account;
  useEffect(() => {
    if (asked !== undefined && seat?.account.id === asked) rememberAccount(asked);
  }, [asked, seat?.account.id]);

  const isElsewhere = asked !== undefined && seat !== undefined && seat.account.id !== asked;
  const isPersonal = personal.some((base) => pathname === base || pathname.startsWith(`${base}/`));
  const lacksFactor = me.person.needs_second_factor || (seat?.state === 'active' && seat.needs_second_factor);
  const usable = seat?.state === 'active' && !lacksFactor ? seat : undefined;
  return (
    <SeatContext value={usable ?? null}>
      <AppShell
        header={{ height: { base: 54, sm: 0 } }}
        footer={{ height: { base: usable ? TAB_BAR_PX : 0, sm: 0 } }}
        navbar={{ width: 228, breakpoint: 'sm', collapsed: { mobile: !open } }}
        padding={{ base: 'md', sm: 'xl' }}
        withBorder={false}
        classNames={{ header: classes.header, navbar: classes.navbar, footer: classes.footer }}
      >
        <a href="#content" className={classes.skip}>Skip to the page</a>
        <AppShell.Header hiddenFrom="sm">
          <Group h="100%" px="md" justify="space-between">
            <Wordmark />
            <Group gap={4}>
              {usable && (
                <ActionIcon size="lg" aria-label="Search" onClick={() => void openPalette()}>
                  <IconSearch size={18} />
                </ActionIcon>
              )}
              <Burger opened={open} onClick={navigation.toggle} size="sm" aria-label="Menu" aria-expanded={open} />
            </Group>
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="sm" pt="lg" aria-label="Main">
          <Navigation me={me} seat={seat} close={navigation.close} />
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
          {usable?.account.suspended_at && <AccountSuspended account={usable.account.name} />}
          <Content me={me} seat={seat} isElsewhere={isElsewhere} isPersonal={isPersonal} lacksFactor={lacksFactor} />
        </AppShell.Main>
        {usable && (
          <AppShell.Footer hiddenFrom="sm" component="nav" aria-label="Main, short">
            <TabBar seat={usable} />
          </AppShell.Footer>
        )}
      </AppShell>
      {usable && (
        <Suspense>
          <Palette me={me} seat={usable} />
        </Suspense>
      )}
    </SeatContext>
  );
}

type ContentProps = { me: Me; seat: Seat | undefined; isElsewhere: boolean; isPersonal: boolean; lacksFactor: boolean };

/** The page, or why there is none for this person here. */
function Content({ me, seat, isElsewhere, isPersonal, lacksFactor }: ContentProps) {
  if (isPersonal) return <Outlet />;
  if (lacksFactor) return <NeedsSecondFactor seat={seat} />;
  if (seat === undefined) return <NoSeat me={me} />;
  if (isElsewhere) return <OtherAccount me={me} seat={seat} />;
  return seat.state === 'active' ? <Outlet /> : <Suspended seat={seat} />;
}
