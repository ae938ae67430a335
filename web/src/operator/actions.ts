// Everything an operator can do to an account. Each says what it did and from when.
import { answer, client } from '../api/client';
import type { ExtraUnitsAsked, OperatorAccount } from '../api/nouns';
import { note } from '../ui/notice';
import { int } from '../ui/format';
import { clock } from '../ui/time';
import { useAccountChanged } from './query';

export function useOperatorActions({ id, name, owner }: OperatorAccount) {
  const changed = useAccountChanged();
  const at = { params: { path: { account: id } } };

  async function suspend(reason: string) {
    const body = { reason: reason.trim() === '' ? null : reason.trim() };
    const { account, effective_at } = await answer(client.POST('/operator/accounts/{account}/suspend', { ...at, body }));
    await changed(account);
    note.done(`${name} is suspended. Its keys are refused since ${clock(effective_at)}.`, {
      label: 'Activate',
      run: () => void activate(),
    });
  }

  async function activate() {
    try {
      const { account, effective_at } = await answer(client.POST('/operator/accounts/{account}/activate', at));
      await changed(account);
      note.done(`${name} is active. Its keys work since ${clock(effective_at)}.`);
    } catch (refusal) {
      note.refused(refusal);
    }
  }

  async function inviteAgain() {
    try {
      await changed(await answer(client.POST('/operator/accounts/{account}/invitation', at)));
      note.done(`A new link is on its way to ${owner?.email}. The old one is over.`);
    } catch (refusal) {
      note.refused(refusal);
    }
  }

  async function assign(api: string, plan: string) {
    const { account, effective_at } = await answer(
      client.PUT('/operator/accounts/{account}/subscriptions/{api}', { params: { path: { account: id, api } }, body: { plan } }),
    );
    await changed(account);
    note.done(`${name} is under ${plan} for ${api} since ${clock(effective_at)}.`);
  }

  async function giveUnits(body: ExtraUnitsAsked) {
    const { account } = await answer(client.POST('/operator/accounts/{account}/extra-units', { ...at, body }));
    await changed(account);
    note.done(`${name} has ${int(body.units)} ${body.metric} more in the running window.`);
  }

  return { suspend, activate, inviteAgain, assign, giveUnits };
}
