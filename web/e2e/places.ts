// Every page and dialog of the dashboard by its address, for what looks at all of them.
import { expect, type Page } from '@playwright/test';
import type { Keyward } from './keyward';
import { linkIn, mailTo } from './outbox';
import { accountOf, ask } from './person';

/** Where to go, and what opens a dialog there if that has no address. */
export type Place = { name: string; address: (ids: Ids) => string; open?: (page: Page) => Promise<void> };

/** Ids of the example account that stand in addresses. */
export type Ids = { account: string; key: string; shared: string; member: string; request: string; denied: string };

const button = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();

const fromMenu = (menu: RegExp, item: string | RegExp) => async (page: Page) => {
  await button(menu)(page);
  await page.getByRole('menuitem', { name: item }).click();
};

/** What has to be there before a page is looked at. */
export async function arrived(page: Page): Promise<void> {
  await expect(page.getByRole('heading').or(page.getByText('Nothing is here')).first()).toBeVisible();
}

async function sendExample(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Send' }).click();
  await expect(page.getByRole('tab', { name: 'Decision' })).toBeVisible();
}

async function deleteDeveloper(page: Page): Promise<void> {
  await button('Edit the role developer')(page);
  await button('Delete developer…')(page);
  await expect(page.getByText('developer is deleted when you save.')).toBeVisible();
}

/** For who is signed in as the owner. */
export const INSIDE: readonly Place[] = [
  { name: 'overview', address: () => '/' },
  { name: 'keys', address: () => '/keys' },
  { name: 'keys-create', address: () => '/keys', open: button('Create key') },
  { name: 'key', address: ({ key }) => `/keys/${key}` },
  { name: 'key-values', address: ({ key }) => `/keys/${key}/values` },
  { name: 'key-security', address: ({ key }) => `/keys/${key}/security` },
  { name: 'key-secret', address: ({ key }) => `/keys/${key}/security`, open: button('Draw a secret…') },
  { name: 'key-teamwork', address: ({ shared }) => `/keys/${shared}/teamwork` },
  { name: 'key-teamwork-add', address: ({ shared }) => `/keys/${shared}/teamwork`, open: button('Add member') },
  { name: 'key-role', address: ({ shared }) => `/keys/${shared}/teamwork`, open: button('Edit the role developer') },
  { name: 'key-role-gone', address: ({ shared }) => `/keys/${shared}/teamwork`, open: deleteDeveloper },
  { name: 'roles', address: () => '/roles' },
  { name: 'roles-new', address: () => '/roles?role=new' },
  { name: 'team', address: () => '/team' },
  { name: 'team-add', address: () => '/team?add=1' },
  { name: 'team-menu', address: () => '/team', open: button(/^Actions for Ada/) },
  { name: 'team-caps', address: () => '/team', open: fromMenu(/^Actions for Ada/, 'Change limits…') },
  { name: 'team-end', address: () => '/team', open: fromMenu(/^Actions for Ada/, 'Change end…') },
  { name: 'team-remove', address: () => '/team', open: fromMenu(/^Actions for Ada/, /^Remove Ada/) },
  { name: 'team-one', address: ({ member }) => `/team?member=${member}` },
  { name: 'member', address: ({ member }) => `/members/${member}` },
  { name: 'requests', address: () => '/requests' },
  { name: 'requests-call', address: ({ request }) => `/requests?call=${request}` },
  { name: 'requests-denied', address: ({ denied }) => `/requests?call=${denied}` },
  { name: 'requests-empty', address: () => '/requests?method=NOTHING' },
  { name: 'tester', address: () => '/tester' },
  { name: 'tester-answer', address: () => '/tester', open: sendExample },
  { name: 'settings', address: () => '/settings' },
  { name: 'settings-security', address: () => '/settings/security' },
  { name: 'second-factor', address: () => '/settings/security', open: button('Set up a second factor…') },
  { name: 'access-token', address: () => '/settings/security', open: button('Make a token…') },
  { name: 'subscription', address: () => '/account' },
  { name: 'ownership', address: () => '/account/ownership' },
  { name: 'account-security', address: () => '/account/security' },
  { name: 'outbox', address: () => '/outbox' },
  { name: 'accounts', address: () => '/operator/accounts' },
  { name: 'accounts-new', address: () => '/operator/accounts?add=1' },
  { name: 'account', address: ({ account }) => `/operator/accounts/${account}` },
  { name: 'account-units', address: ({ account }) => `/operator/accounts/${account}?ask=units` },
  { name: 'account-suspend', address: ({ account }) => `/operator/accounts/${account}?ask=suspend` },
  { name: 'plans', address: () => '/operator/plans' },
  { name: 'operator-audit', address: () => '/operator/audit' },
  { name: 'lost', address: () => '/no-such-page' },
];

/** For who is not; the links are over, or never were. */
export const OUTSIDE: readonly Place[] = [
  { name: 'sign-in', address: () => '/sign-in' },
  { name: 'register', address: () => '/register' },
  { name: 'reset', address: () => '/reset' },
  { name: 'register-over', address: () => '/register/confirm#over' },
  { name: 'reset-over', address: () => '/reset/confirm#over' },
  { name: 'activate-over', address: () => '/activate#over' },
  { name: 'address-over', address: () => '/address' },
  { name: 'address', address: () => '/address#link' },
  { name: 'operator-over', address: () => '/operator#over' },
  { name: 'errors', address: () => '/docs/errors' },
];

type Listed = { id: string; is_mine: boolean; sharing: string };

/** Gives a key two roles of its own and holders of them, once: a page of it then has something to show. */
async function makeTeam(page: Page, keyward: Keyward, key: string, emails: readonly string[]): Promise<void> {
  const { roles } = await ask<{ roles: { built_in: boolean }[] }>(page, keyward, 'GET', `${key}/roles`);
  if (roles.some((role) => !role.built_in)) return;
  const make = (name: string, all: string[], permissions: string[]) =>
    ask<{ role: { id: string } }>(page, keyward, 'POST', `${key}/roles`, { name, all, permissions });
  const seeing = ['keys.view', 'security.view'];
  const { role } = await make('developer', ['stats'], [...seeing, 'keys.use', 'security.addresses', 'security.domains']);
  await make('analyst', ['stats'], seeing);
  for (const email of [emails[0]!, 'lea@example.com']) {
    await ask(page, keyward, 'POST', `${key}/invitations`, { name: 'Léa Moreau', email, role: role.id });
  }
}

/** Looks the ids up, as the owner who is signed in on the page. */
export async function idsOf(page: Page, keyward: Keyward): Promise<Ids> {
  const id = await accountOf(page, keyward);
  const account = `/accounts/${id}`;
  const { keys } = await ask<{ keys: Listed[] }>(page, keyward, 'GET', `${account}/keys`);
  const { members } = await ask<{ members: { id: string; email: string; is_me: boolean }[] }>(page, keyward, 'GET', `${account}/members`);
  const shared = keys.find(({ sharing }) => sharing === 'shared')!.id;
  const others = members.filter((member) => !member.is_me);
  await makeTeam(page, keyward, `${account}/keys/${shared}`, others.map(({ email }) => email));
  const first = async (filter: string) => {
    const { requests } = await ask<{ requests: { id: string }[] }>(page, keyward, 'GET', `${account}/requests?${filter}`);
    return requests[0]!.id;
  };
  return {
    account: id,
    key: keys.find((key) => key.is_mine)!.id,
    shared,
    member: others[0]!.id,
    request: await first('outcome=answered'),
    denied: await first('outcome=denied'),
  };
}

/** Invites someone, as the owner who is signed in on the page, and gives the link of the mail. */
export async function invitationLink(page: Page, keyward: Keyward, name: string, email: string): Promise<string> {
  const account = await accountOf(page, keyward);
  await ask(page, keyward, 'POST', `/accounts/${account}/invitations`, { name, email, role: 'member' });
  return linkIn((await mailTo(page, keyward, email)).text ?? '');
}
