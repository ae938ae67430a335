// What the navigation leads to, in its order.
import {
  IconBuilding, IconHistory, IconInbox, IconKey, IconLayoutDashboard, IconListSearch, IconPlayerPlay, IconReceipt, IconSettings, IconShield, IconShieldHalf, IconStack2, IconUsers, type Icon,
} from '@tabler/icons-react';
import type { Me, Seat } from '../api/nouns';
import { paths } from '../paths';

export type Destination = { to: string; label: string; Icon: Icon; also?: string };
export type Section = { title: string | null; links: Destination[] };

const overview: Destination = { to: paths.overview, label: 'Overview', Icon: IconLayoutDashboard };
const keys: Destination = { to: paths.keys, label: 'API keys', Icon: IconKey };
const requests: Destination = { to: paths.requests, label: 'Requests', Icon: IconListSearch };
const tester: Destination = { to: paths.tester, label: 'Tester', Icon: IconPlayerPlay };
const team: Destination = { to: paths.team, label: 'My Team', Icon: IconUsers, also: '/members' };
const roles: Destination = { to: paths.roles, label: 'Roles', Icon: IconShield };
const subscription: Destination = { to: paths.account, label: 'Subscription', Icon: IconReceipt, also: paths.ownership };
const security: Destination = { to: paths.security, label: 'Security', Icon: IconShieldHalf };
const audit: Destination = { to: paths.audit, label: 'Audit', Icon: IconHistory };
const settings: Destination = { to: paths.settings, label: 'Settings', Icon: IconSettings };
const accounts: Destination = { to: paths.operatorAccounts, label: 'Accounts', Icon: IconBuilding };
const plans: Destination = { to: paths.operatorPlans, label: 'Plans', Icon: IconStack2 };
const operatorAudit: Destination = { to: paths.operatorAudit, label: "Operators' audit", Icon: IconHistory };
const outbox: Destination = { to: paths.outbox, label: 'Outbox', Icon: IconInbox };

const seesTeam = (seat: Seat) => seat.permissions.includes('teamwork.view');

/** The whole navigation of a person with this seat. */
export function sectionsFor(me: Me, seat: Seat | undefined): Section[] {
  const sections: Section[] = [];
  if (seat) {
    sections.push({ title: null, links: [overview, keys, requests, tester] });
    const seen = [seesTeam(seat) && team, seesTeam(seat) && roles, subscription, seat.permissions.includes('security.view') && security, audit, settings];
    sections.push({ title: 'Account', links: seen.filter((link) => link !== false) });
  } else {
    sections.push({ title: 'Account', links: [settings] });
  }
  if (me.person.is_operator) sections.push({ title: 'Operator', links: [accounts, plans, operatorAudit, outbox] });
  return sections;
}

/** The four tabs at the foot of a phone. */
export const tabsFor = (seat: Seat): Destination[] => [overview, keys, requests, seesTeam(seat) ? team : tester];

/** Whether the page at `pathname` belongs to a destination. */
export function isAt(pathname: string, { to, also }: Destination): boolean {
  // Below these two are other destinations.
  if (to === paths.overview || to === paths.account) return pathname === to || pathname === also;
  return [to, also].some((base) => base !== undefined && (pathname === base || pathname.startsWith(`${base}/`)));
}
