// Everything one can do to a member. Each says what it did and from when, and offers the way back where that is safe.
import { useAccountId } from '../account/seat';
import { answer, client } from '../api/client';
import type { Cap, Member } from '../api/nouns';
import { note } from '../ui/notice';
import { clock } from '../ui/time';
import { capOf, fieldsOf } from './cap';
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

  async function remove(target: Member) {
    const { effective_at } = await answer(client.DELETE('/accounts/{account}/members/{member}', at(target)));
    await changed();
    note.done(`${target.name} is removed. Their values are gone since ${clock(effective_at)}.`);
  }

  async function edit(target: Member, change: { role?: string; cap?: Cap | null }) {
    const { member } = await answer(client.PATCH('/accounts/{account}/members/{member}', { ...at(target), body: change }));
    await changed(member);
    return member;
  }

  async function changeRole(target: Member, role: string) {
    const member = await edit(target, { role });
    const before = target.role;
    const undo = before === null ? undefined : { label: 'Undo', run: () => quietly(edit(member, { role: before })) };
    note.done(`${member.name} is ${member.role_name} now.`, undo);
  }

  async function changeCap(target: Member, cap: Cap | null) {
    const member = await edit(target, { cap });
    const before = capOf(fieldsOf(target.cap));
    note.done(cap === null ? `${member.name} has no cap now.` : `The cap of ${member.name} holds from now on.`, {
      label: 'Undo',
      run: () => quietly(edit(member, { cap: before })),
    });
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

  return { suspend, activate, remove, changeRole, changeCap, resend, withdraw, quietly };
}
