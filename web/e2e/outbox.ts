// Mails as the operator sees them: on the Outbox page, for want of a mail server.
import { expect, type Page } from '@playwright/test';
import type { Keyward } from './keyward';
import { ask } from './person';

type Mail = { to: string; subject: string; text: string | null; created_at: string };

/** The newest mail to an address; the page's person is an operator. */
export async function mailTo(page: Page, keyward: Keyward, address: string): Promise<Mail> {
  const { mails } = await ask<{ mails: Mail[] }>(page, keyward, 'GET', '/operator/outbox');
  const mail = mails.find(({ to }) => to.includes(address));
  expect(mail, `a mail to ${address}`).toBeDefined();
  return mail!;
}

/** The one link in a mail that carries a token. */
export function linkIn(text: string): string {
  const links = [...new Set(text.match(/https?:\/\/\S+#[\w-]+/g))];
  expect(links, 'links with a token in the mail').toHaveLength(1);
  return links[0]!;
}
