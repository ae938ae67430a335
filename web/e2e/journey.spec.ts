// A member's own key, from invitation to removal: the whole story of one seat, in two browsers and one program.
import type { Page } from '@playwright/test';
import { call } from './call';
import type { Keyward } from './keyward';
import { enforce, keyOf, openSecurity, regenerate, setMode, storeShownValue } from './key';
import { linkIn } from './outbox';
import { choosePassword, signIn, signOut } from './person';
import { callsOf, confirm, invite, pick, rowOf } from './team';
import { expect, test } from './test';

const NAME = 'Mia Member';
const EMAIL = 'mia@example.com';
const FIRST_PASSWORD = 'plum tram ladder nine';
const SECOND_PASSWORD = 'quiet harbour stone two';
/** An address of a block that is given to nobody (RFC 5737). */
const ELSEWHERE = '192.0.2.7';
/** How long a call may take to appear in the log that someone looks at. */
const SEEN = { timeout: 15_000 };

/** What one step leaves for the next. */
type Story = { keyward: Keyward; owner: Page; member: Page; link: string; value: string; secrets: string[] };

const STEPS: [string, (story: Story) => Promise<void>][] = [
  ['Account → My Team → Add a new member → name and mail → Send invitation', ownerInvites],
  ['mail with activation link, Pending until it is followed', mailCarriesLink],
  ['the link makes the seat Active, with a password and an own key', memberActivates],
  ['the own API key calls', ownKeyCalls],
  ['regenerate: the old value stops, the new one works', memberRegenerates],
  ['password: changed by oneself, and the new one signs in', memberChangesPassword],
  ['allowed addresses and domains: the key is refused from elsewhere', memberAllowsPlaces],
  ['tester: a call from the page', memberTests],
  ['own log: nothing but own calls', memberReadsOwnLog],
  ['owner: all requests of owner and members', ownerReadsAllRequests],
  ['owner: suspend; the key stops, and the page says who to ask', ownerSuspends],
  ['owner: activate; it works as before', ownerActivates],
  ['owner: delete; it is gone, and its calls stay in the log', ownerRemoves],
  ['no value and no password is kept in clear', nothingIsKept],
];

test('a seat from invitation to removal', async ({ keyward, page, newPerson }) => {
  test.setTimeout(240_000);
  const story: Story = { keyward, owner: page, member: await newPerson(), link: '', value: '', secrets: [] };
  await signIn(page, keyward.ready.owner);
  for (const [name, step] of STEPS) await test.step(name, () => step(story));
});

async function ownerInvites({ owner }: Story): Promise<void> {
  await owner.getByRole('link', { name: 'My Team' }).click();
  await expect(owner.getByRole('heading', { name: 'My Team' })).toBeVisible();
  await invite(owner, NAME, EMAIL);
  await expect(rowOf(owner, EMAIL)).toContainText('Invited');
}

async function mailCarriesLink(story: Story): Promise<void> {
  const { owner, keyward } = story;
  await owner.getByRole('link', { name: 'Outbox' }).click();
  await owner.getByRole('button', { name: EMAIL }).click();
  const mail = owner.getByRole('dialog');
  await expect(mail).toContainText(NAME);
  story.link = linkIn(await mail.innerText());
  expect(story.link).toContain(keyward.page('/activate#'));
  await owner.goto('/team');
  await expect(rowOf(owner, EMAIL)).toContainText('Invited');
}

async function memberActivates(story: Story): Promise<void> {
  const { member, owner, link } = story;
  // Mail scanners follow links: a GET must change nothing.
  await member.request.get(link);
  await member.goto(link);
  await expect(member.getByLabel('Mail')).toHaveValue(EMAIL);
  expect(new URL(member.url()).hash, 'the token leaves the address bar').toBe('');
  await choosePassword(member, FIRST_PASSWORD, 'Activate my seat');
  story.value = await storeShownValue(member);
  story.secrets.push(FIRST_PASSWORD, story.value);
  await member.goto(link);
  await expect(member.getByRole('heading', { name: 'This link is over' })).toBeVisible();
  await member.goto('/');
  await owner.reload();
  await expect(rowOf(owner, EMAIL)).toContainText('Active');
}

async function ownKeyCalls({ keyward, value }: Story): Promise<void> {
  expect(await call(keyward, value)).toEqual({ status: 200, code: null });
}

async function memberRegenerates(story: Story): Promise<void> {
  const { keyward, member, value } = story;
  await keyOf(member, NAME);
  story.value = await regenerate(member);
  story.secrets.push(story.value, SECOND_PASSWORD);
  expect(story.value).not.toBe(value);
  expect(await call(keyward, value)).toEqual({ status: 403, code: 'key_expired' });
  expect(await call(keyward, story.value)).toEqual({ status: 200, code: null });
}

async function memberChangesPassword({ member }: Story): Promise<void> {
  await member.getByRole('link', { name: 'Settings' }).click();
  await member.getByRole('tab', { name: 'Security' }).click();
  await member.getByLabel('Current password').fill(FIRST_PASSWORD);
  await member.getByLabel('New password').fill(SECOND_PASSWORD);
  await member.getByRole('button', { name: 'Change the password' }).click();
  await expect(member.getByText('The password is changed.')).toBeVisible();
  await signOut(member, NAME);
  await signIn(member, { name: NAME, email: EMAIL, password: SECOND_PASSWORD });
  await expect(member.getByRole('heading', { level: 1 })).toBeVisible();
}

async function memberAllowsPlaces({ keyward, member, value }: Story): Promise<void> {
  const refused = (code: string) => ({ status: 403, code });
  await keyOf(member, NAME);
  await openSecurity(member);
  await enforce(member, 'Addresses', ELSEWHERE);
  expect(await call(keyward, value)).toEqual(refused('address_not_allowed'));
  await enforce(member, 'Addresses', '127.0.0.0/8');
  expect(await call(keyward, value)).toEqual({ status: 200, code: null });
  await enforce(member, 'Domains', 'app.example.com');
  expect(await call(keyward, value, '/leagues', { origin: 'https://evil.example.net' })).toEqual(refused('domain_not_allowed'));
  expect(await call(keyward, value, '/leagues', { origin: 'https://app.example.com' })).toEqual({ status: 200, code: null });
  await setMode(member, 'Domains', 'Off');
}

async function memberTests({ member }: Story): Promise<void> {
  await member.getByRole('link', { name: 'Tester' }).click();
  await member.getByLabel('Path').fill('/teams?league=1');
  await member.getByRole('button', { name: 'Send' }).click();
  await expect(member.getByRole('heading', { name: '200' })).toBeVisible();
}

async function memberReadsOwnLog({ keyward, member }: Story): Promise<void> {
  await member.getByRole('link', { name: 'Requests' }).click();
  const calls = callsOf(member);
  await expect(calls.filter({ hasText: 'tester' }).first()).toBeVisible(SEEN);
  await expect(calls.filter({ hasText: 'address_not_allowed' }).first()).toBeVisible();
  for (const { name } of [keyward.ready.owner, ...keyward.ready.members]) {
    await expect(calls.filter({ hasText: name })).toHaveCount(0);
  }
}

async function ownerReadsAllRequests({ keyward, owner }: Story): Promise<void> {
  const calls = callsOf(owner);
  const everyone = keyward.ready.keys.map(({ value }) => call(keyward, value));
  await Promise.all(everyone);
  for (const { name } of [keyward.ready.owner, ...keyward.ready.members]) {
    await expect(calls.filter({ hasText: name }).first()).toBeVisible(SEEN);
  }
  await owner.getByRole('button', { name: `${NAME} ${EMAIL}, show only their calls` }).click();
  await expect(calls.filter({ hasText: keyward.ready.owner.name })).toHaveCount(0);
  await expect(calls.filter({ hasText: 'domain_not_allowed' }).first()).toBeVisible();
}

async function ownerSuspends({ keyward, owner, member, value }: Story): Promise<void> {
  await pick(owner, NAME, `Suspend ${NAME}…`);
  await confirm(owner, `Suspend ${NAME}`);
  expect(await call(keyward, value)).toEqual({ status: 403, code: 'member_suspended' });
  await expect(rowOf(owner, EMAIL)).toContainText('Suspended');
  await member.goto('/');
  await expect(member.getByText(keyward.ready.owner.email)).toBeVisible();
}

async function ownerActivates({ keyward, owner, member, value }: Story): Promise<void> {
  await pick(owner, NAME, `Activate ${NAME}`);
  await expect(rowOf(owner, EMAIL)).toContainText('Active');
  expect(await call(keyward, value)).toEqual({ status: 200, code: null });
  await member.goto('/keys');
  await expect(member.getByRole('link', { name: /key/i }).first()).toBeVisible();
}

async function ownerRemoves({ keyward, owner, value }: Story): Promise<void> {
  await pick(owner, NAME, `Remove ${NAME}…`);
  await confirm(owner, `Remove ${NAME}`);
  expect(await call(keyward, value)).toEqual({ status: 401, code: 'unknown_key' });
  await expect(rowOf(owner, EMAIL)).toHaveCount(0);
  await owner.getByRole('link', { name: 'Requests' }).click();
  await expect(callsOf(owner).filter({ hasText: NAME }).first()).toBeVisible(SEEN);
}

async function nothingIsKept({ keyward, secrets }: Story): Promise<void> {
  expect(secrets).toHaveLength(4);
  for (const secret of secrets) expect(await keyward.placesOf(secret)).toEqual([]);
}
