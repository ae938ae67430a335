// The ways in: back to where one wanted to go, a forgotten password, an invitation at somebody else's browser, a new account.
import { storeShownValue } from './key';
import { linkIn, mailTo } from './outbox';
import { accountOf, ask, choosePassword, signIn, signInByApi } from './person';
import { invitationLink } from './places';
import { expect, test } from './test';

const PASSWORD = 'seven maps under rain';

// The page is the operator's, who reads the mails; whoever comes to the door has a browser of their own.
test.use({ storageState: ({ ownerState }, use) => use(ownerState) });

test('a wrong password keeps what was typed, the right one leads back to where one wanted to go', async ({ keyward, newPerson }) => {
  const ada = await newPerson();
  const [login] = keyward.ready.members;
  await ada.goto('/requests?method=GET%20%2Fleagues');
  await expect(ada).toHaveURL(/\/sign-in\?next=/);
  await ada.getByLabel('Mail').fill(login!.email);
  await ada.getByLabel('Password', { exact: true }).fill('not the password');
  await ada.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(ada.getByRole('alert')).toBeVisible();
  await expect(ada.getByLabel('Mail')).toHaveValue(login!.email);
  await ada.getByLabel('Password', { exact: true }).fill(login!.password);
  await ada.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(ada).toHaveURL(/\/requests\?method=/);
});

test('a forgotten password: the mail sets a new one, once, and ends what was open', async ({ page, keyward, newPerson }) => {
  const login = keyward.ready.members[1]!;
  const elsewhere = await newPerson();
  await signInByApi(elsewhere, keyward, login);
  const ben = await newPerson();
  await ben.goto('/sign-in');
  await ben.getByRole('link', { name: 'Forgot the password?' }).click();
  await ben.getByLabel('Mail').fill(login.email);
  await ben.getByRole('button', { name: 'Send the link' }).click();
  await expect(ben.getByText(login.email)).toBeVisible();
  const link = linkIn((await mailTo(page, keyward, login.email)).text ?? '');
  await ben.goto(link);
  await choosePassword(ben, PASSWORD, 'Set the password');
  await expect(ben).not.toHaveURL(/reset/);
  await elsewhere.goto('/settings');
  await expect(elsewhere).toHaveURL(/\/sign-in/);
  await ben.goto(link);
  await expect(ben.getByRole('heading', { name: 'This link is over' })).toBeVisible();
  await signIn(elsewhere, { ...login, password: PASSWORD });
});

test('an invitation at the browser of somebody else says so and offers to sign out', async ({ page, keyward, newPerson }) => {
  const link = await invitationLink(page, keyward, 'Nora New', 'nora@example.com');
  const other = await newPerson();
  const [login] = keyward.ready.members;
  await signInByApi(other, keyward, login!);
  await other.goto(link);
  await expect(other.getByText('nora@example.com').first()).toBeVisible();
  await other.getByRole('button', { name: `Sign out ${login!.email}` }).click();
  await expect(other.getByLabel('Mail')).toHaveValue('nora@example.com');
  await expect(other.getByRole('button', { name: 'Activate my seat' })).toBeVisible();
});

test('known elsewhere: signs in and takes the seat in one go, and then has two accounts', async ({ page, keyward, newPerson }) => {
  const email = 'rosa@example.com';
  const rosa = await newPerson();
  await rosa.goto('/register');
  await rosa.getByLabel('Your name').fill('Rosa Registered');
  await rosa.getByLabel('Mail').fill(email);
  await rosa.getByLabel('Account').fill('Rosa and sons');
  await rosa.getByRole('button', { name: 'Register' }).click();
  await expect(rosa.getByText(email)).toBeVisible();
  await rosa.goto(linkIn((await mailTo(page, keyward, email)).text ?? ''));
  await choosePassword(rosa, PASSWORD, 'Open my account');
  await expect(rosa.getByRole('heading', { name: 'Overview' })).toBeVisible();
  await rosa.context().clearCookies();
  await rosa.goto(await invitationLink(page, keyward, 'Rosa', email));
  await rosa.getByLabel('Password', { exact: true }).fill(PASSWORD);
  await rosa.getByRole('button', { name: 'Sign in and join' }).click();
  await storeShownValue(rosa);
  await expect(rosa).not.toHaveURL(/activate/);
  const account = await accountOf(page, keyward);
  const me = await ask<{ seats: { account: { id: string } }[] }>(rosa, keyward, 'GET', '/me');
  expect(me.seats.map((seat) => seat.account.id)).toContain(account);
  expect(me.seats).toHaveLength(2);
});
