// One key for a team: members added by mail, roles made, changed and deleted, and all of it spent from the creator's account.
import type { Page } from '@playwright/test';
import { call, callChain } from './call';
import { storeShownValue } from './key';
import type { Keyward } from './keyward';
import { linkIn, mailTo } from './outbox';
import { accountOf, ask, choosePassword, signIn } from './person';
import { editRole, nameRole, onKey, openTeamwork, roleRow, roles, saveRoles, setLevel, tick } from './role';
import { confirm } from './team';
import { expect, test } from './test';

const KEY = 'match-feed';
const NAME = 'Kim Analyst';
const EMAIL = 'kim@example.com';
/** What `eth_call` costs in the example's price list, in credits. */
const ETH_CALL = 40;
const CONTRACT = '0xdac17f958d2ee523a2206206994597c13d831ec7';
/** How long a charge may take to reach the account's page. */
const COUNTED = { timeout: 20_000 };

/** What one step leaves for the next. */
type Story = { keyward: Keyward; owner: Page; member: Page; key: string; link: string; value: string };

const STEPS: [string, (story: Story) => Promise<void>][] = [
  ['a key, and nobody on it but its creator', ownerMakesKey],
  ['create role: two of them, with permissions, saved at once', ownerCreatesRoles],
  ['add member: mail and role; Invited', ownerAddsMember],
  ['the role of who is invited is changed in the row', ownerChangesRoleOfInvited],
  ['mail with a link; confirmed, the member is Active', memberConfirms],
  ['the member sees what the role says, and nothing else', memberSeesNoMore],
  ['a value of their own calls; its credits are counted on the creator\'s account', memberCalls],
  ['modify role: more is allowed, and is there at once', ownerModifiesRole],
  ['delete role: its holder gets another one instead', ownerDeletesRole],
  ['delete member after confirmation: the value stops, the seat is gone', ownerDeletesMember],
];

test('a key shared by a team, from the first role to the last member', async ({ keyward, page, newPerson }) => {
  test.setTimeout(300_000);
  const story: Story = { keyward, owner: page, member: await newPerson(), key: '', link: '', value: '' };
  await signIn(page, keyward.ready.owner);
  for (const [name, step] of STEPS) await test.step(name, () => step(story));
});

async function ownerMakesKey(story: Story): Promise<void> {
  const { owner, keyward } = story;
  const keys = `/accounts/${await accountOf(owner, keyward)}/keys`;
  const asked = { name: KEY, environment: 'Production', sharing: 'shared' };
  const { key } = await ask<{ key: { id: string } }>(owner, keyward, 'POST', keys, asked);
  story.key = key.id;
  await owner.goto(`/keys/${key.id}`);
  await openTeamwork(owner);
  await expect(onKey(owner, keyward.ready.owner.email)).toContainText('owner');
  await expect(onKey(owner, keyward.ready.owner.email)).toContainText('—');
  await expect(roleRow(owner, 'admin')).toContainText('built in');
}

async function ownerCreatesRoles({ owner }: Story): Promise<void> {
  await owner.getByRole('button', { name: 'Create role' }).click();
  await saveNothing(owner);
  await nameRole(owner, 'analyst');
  await setLevel(owner, 'Security', 'Only view');
  await roles(owner).getByRole('button', { name: 'New role' }).click();
  await nameRole(owner, 'watcher');
  await setLevel(owner, 'Stats', 'Only view');
  await saveRoles(owner);
  await expect(roleRow(owner, 'analyst')).toContainText('held by nobody');
  await expect(roleRow(owner, 'analyst').getByText('View', { exact: true })).toHaveCount(1);
  await expect(roleRow(owner, 'watcher')).toBeVisible();
}

/** A role without a name is not saved, and says so at the name. */
async function saveNothing(owner: Page): Promise<void> {
  await roles(owner).getByRole('button', { name: 'Save roles' }).click();
  await expect(roles(owner).getByText('Write a name.')).toBeVisible();
}

async function ownerAddsMember({ keyward, owner }: Story): Promise<void> {
  await owner.getByRole('button', { name: 'Add member' }).click();
  const dialog = owner.getByRole('dialog', { name: `Add member to ${KEY}` });
  await dialog.getByLabel('Mail').fill(EMAIL);
  await dialog.getByLabel('Name').fill(NAME);
  await dialog.getByRole('combobox', { name: 'Role' }).click();
  await owner.getByRole('option', { name: 'watcher' }).click();
  await dialog.getByRole('button', { name: 'Add a cap' }).click();
  await dialog.getByLabel('Cap 1: figure').fill('250');
  await dialog.getByRole('button', { name: 'Send invitation' }).click();
  await expect(dialog).toBeHidden();
  await expect(onKey(owner, EMAIL)).toContainText('Invited');
  const path = `/accounts/${await accountOf(owner, keyward)}/members?q=${EMAIL}`;
  const { members } = await ask<{ members: { caps: { limit: number }[] }[] }>(owner, keyward, 'GET', path);
  expect(members[0]?.caps.map(({ limit }) => limit), 'the cap holds from the first call on').toEqual([250]);
}

async function ownerChangesRoleOfInvited({ owner }: Story): Promise<void> {
  await changeRole(owner, 'analyst');
  await expect(onKey(owner, EMAIL)).toContainText('Invited');
}

/** Picks another role for the member, in their row. */
async function changeRole(owner: Page, role: string): Promise<void> {
  const select = owner.getByRole('combobox', { name: `Role of ${NAME}` });
  await select.click();
  await owner.getByRole('option', { name: role }).click();
  await expect(owner.getByText(`${NAME} is ${role} on ${KEY}`)).toBeVisible();
  await expect(select).toHaveValue(role);
}

async function memberConfirms(story: Story): Promise<void> {
  const { owner, member, keyward } = story;
  story.link = linkIn((await mailTo(owner, keyward, EMAIL)).text ?? '');
  await member.goto(story.link);
  await expect(member.getByText(KEY)).toBeVisible();
  await expect(onKey(owner, EMAIL), 'a link that is only opened changes nothing').toContainText('Invited');
  await choosePassword(member, 'slow river under snow', 'Activate my seat');
  await expect(member, 'who has one key begins there').toHaveURL(new RegExp(`/keys/${story.key}`));
  await owner.reload();
  await expect(onKey(owner, EMAIL)).toContainText('Active');
}

async function memberSeesNoMore({ keyward, member, key }: Story): Promise<void> {
  const keys = await ask<{ keys: { id: string }[] }>(member, keyward, 'GET', `/accounts/${await accountOf(member, keyward)}/keys`);
  expect(keys.keys.map(({ id }) => id), 'no key but this one').toEqual([key]);
  for (const page of ['My Team', 'Roles', 'Security', 'Outbox']) {
    await expect(member.getByRole('link', { name: page, exact: true })).toHaveCount(0);
  }
  await member.goto(`/keys/${key}/teamwork`);
  await expect(member.getByText(`You need teamwork.view on ${KEY}.`, { exact: false })).toBeVisible();
  await member.getByRole('tab', { name: 'Security' }).click();
  await expect(member.getByRole('heading', { name: 'Addresses' })).toBeVisible();
  await expect(member.getByLabel('Address or range to add'), 'to look is not to change').toHaveCount(0);
}

async function memberCalls(story: Story): Promise<void> {
  const { keyward, owner, member, key } = story;
  await member.goto(`/keys/${key}/values`);
  await member.getByRole('button', { name: 'Draw mine' }).first().click();
  await member.getByRole('button', { name: 'Draw value' }).click();
  story.value = await storeShownValue(member);
  await owner.goto('/account');
  const before = await creditsOn(owner);
  expect(await call(keyward, story.value)).toEqual({ status: 200, code: null });
  for (let calls = 0; calls < 2; calls += 1) {
    expect(await callChain(keyward, story.value, 'eth_call', [{ to: CONTRACT, data: '0x' }, 'latest'])).toBeNull();
  }
  await expect(async () => {
    await owner.reload();
    expect(await creditsOn(owner)).toBe(before + 2 * ETH_CALL);
  }, 'on the page of the creator\'s account').toPass(COUNTED);
}

/** The credits of the JSON-RPC API that the account's page says are used. */
async function creditsOn(owner: Page): Promise<number> {
  const subscription = owner.locator('.mantine-Card-root').filter({ has: owner.getByRole('heading', { name: 'Example node' }) });
  const line = subscription.getByText(/^[\d,]+ of [\d,]+ credits/);
  return Number((await line.innerText()).split(' ')[0]!.replaceAll(',', ''));
}

async function ownerModifiesRole({ owner, member, key }: Story): Promise<void> {
  await owner.goto(`/keys/${key}/teamwork`);
  await editRole(owner, 'analyst');
  await tick(owner, 'Security', 'security.addresses');
  await setLevel(owner, 'Teamwork', 'Only view');
  await expect(roles(owner).getByText(/One member holds this role/)).toContainText('security.addresses, teamwork.view');
  await saveRoles(owner);
  await expect(roleRow(owner, 'analyst')).toContainText('1 of 6');
  await member.goto(`/keys/${key}/security`);
  await expect(member.getByLabel('Address or range to add')).toBeVisible();
  await expect(member.getByLabel('Method to add')).toHaveCount(0);
  await openTeamwork(member);
  await expect(onKey(member, EMAIL)).toContainText('analyst');
  await expect(member.getByRole('button', { name: 'Add member' })).toHaveAttribute('aria-disabled', 'true');
}

async function ownerDeletesRole({ owner, member, key }: Story): Promise<void> {
  await editRole(owner, 'analyst');
  await roles(owner).getByRole('button', { name: 'Delete analyst…' }).click();
  await roles(owner).getByRole('button', { name: 'Save roles and delete analyst' }).click();
  await expect(roles(owner).getByText('Say what its holders get instead.')).toBeVisible();
  await roles(owner).getByRole('combobox', { name: 'What its holder gets instead' }).click();
  await owner.getByRole('option', { name: 'watcher' }).click();
  await saveRoles(owner, 'Save roles and delete analyst');
  await expect(roleRow(owner, 'analyst')).toHaveCount(0);
  await expect(owner.getByRole('combobox', { name: `Role of ${NAME}` })).toHaveValue('watcher');
  await member.goto(`/keys/${key}/teamwork`);
  await expect(member.getByText(`You need teamwork.view on ${KEY}.`, { exact: false })).toBeVisible();
}

async function ownerDeletesMember({ keyward, owner, member, value }: Story): Promise<void> {
  const remove = owner.getByRole('button', { name: `Delete ${NAME} from ${KEY}` });
  await remove.click();
  await owner.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await expect(onKey(owner, EMAIL), 'a question is not an answer').toBeVisible();
  expect(await call(keyward, value)).toEqual({ status: 200, code: null });
  await remove.click();
  await expect(owner.getByRole('dialog')).toContainText(EMAIL);
  await confirm(owner, `Delete ${NAME}`);
  await expect(onKey(owner, EMAIL)).toHaveCount(0);
  expect((await call(keyward, value)).status).toBe(401);
  await member.goto('/');
  await expect(member.getByText('You have no seat in any account')).toBeVisible();
}
