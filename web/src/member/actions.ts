// Everything one can do to a member. Each says what it did and from when, and offers the way back where that is safe.
import { useAccountId } from '../account/seat';
import { answer, client, problemOf } from '../api/client';
import type { Cap, Member, MemberChange, Rate } from '../api/nouns';
import { plural } from '../ui/format';
import { note } from '../ui/notice';
import { clock } from '../ui/time';
import { capsOf, linesOf } from './cap';
import { endWords } from './end';
import { useMemberChanged } from './query';

export type MemberActions = ReturnType<typeof useMemberActions>;

export function useMemberActions() {
  const account = useAccountId();
  const changed = useMemberChanged();
  const at = (member: Member) => ({ params: { path: { account, member: member.id } } });
  /** For what has no dialog that could show a refusal. */
  const quietly = (action: Promise<unknown>) => void action.catch(note.refused);

  async function suspend(target: Member) {
    const { member, effective_at } = await answer(client.POST('/accounts/{account}/members/{member}/suspend', at(target)));
    await changed(member);
    note.done(`${member.name} is suspended. Their keys are refused since ${clock(effective_at)}.`, {
      label: 'Activate',
      run: () => quietly(activate(member)),
    });
  }

  async function activate(target: Member) {
    const { member, effective_at } = await answer(client.POST('/accounts/{account}/members/{member}/activate', at(target)));
    await changed(member);
    note.done(`${member.name} is active. Their keys work since ${clock(effective_at)}.`);
  }

  /** `receiver`: who gets the keys; without one they are revoked. */
  async function remove(target: Member, receiver?: Member) {
    const { path } = at(target).params;
    const params = { path, query: receiver && { hand_over_to: receiver.id } };
    const { effective_at } = await answer(client.DELETE('/accounts/{account}/members/{member}', { params }));
    await changed();
    const keys = receiver ? `${receiver.name} holds ${plural(target.keys, 'key')} of theirs` : 'Their values are gone';
    note.done(`${target.name} is removed. ${keys} since ${clock(effective_at)}.`);
  }

  /** Based on the member as one sees them: what somebody else changed meanwhile is not undone unseen. */
  async function edit(target: Member, body: MemberChange) {
    const params = { ...at(target).params, header: { 'If-Match': `"${target.version}"` } };
    try {
      const { member } = await answer(client.PATCH('/accounts/{account}/members/{member}', { params, body }));
      await changed(member);
      return member;
    } catch (refusal) {
      if (problemOf(refusal).code === 'changed_meanwhile') await changed();
      throw refusal;
    }
  }

  async function changeRole(target: Member, role: string) {
    const member = await edit(target, { role });
    const before = target.role;
    const undo = before === null ? undefined : { label: 'Undo', run: () => quietly(edit(member, { role: before })) };
    note.done(`${member.name} is ${member.role_name} now.`, undo);
  }

  async function changeLimits(target: Member, limits: { caps: Cap[]; rates: Rate[] }) {
    const member = await edit(target, limits);
    const before = { caps: capsOf(linesOf(target.caps)), rates: target.rates };
    const isUnlimited = limits.caps.length + limits.rates.length === 0;
    note.done(isUnlimited ? `Only the account's limits hold for ${member.name} now.` : `The limits of ${member.name} are saved.`, {
      label: 'Undo',
      run: () => quietly(edit(member, before)),
    });
  }

  async function changeEnd(target: Member, ends_at: string | null) {
    const member = await edit(target, { ends_at });
    note.done(
      ends_at === null
        ? `The seat of ${member.name} does not end by itself.`
        : `The seat of ${member.name} ends ${endWords(ends_at, Date.now())}.`,
    );
  }

  async function resend(target: Member) {
    const member = await answer(client.POST('/accounts/{account}/members/{member}/invitation', at(target)));
    await changed(member);
    note.done(`A new link is on its way to ${member.email}. The old one is over.`);
  }

  async function withdraw(target: Member) {
    await answer(client.DELETE('/accounts/{account}/members/{member}/invitation', at(target)));
    await changed();
    note.done(`The invitation of ${target.name} is withdrawn. Its link is over.`);
  }

  return { suspend, activate, remove, changeRole, changeLimits, changeEnd, resend, withdraw, quietly };
}
