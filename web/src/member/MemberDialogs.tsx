// The questions before something is done to a member; each names the person, and so does its button.
import { Confirm } from '../ui/confirm';
import type { Member } from '../api/nouns';
import type { MemberActions } from './actions';
import { CapDialog } from './CapDialog';
import { EndDialog } from './EndDialog';
import { RemoveDialog } from './RemoveDialog';

export type Question = { about: 'suspend' | 'remove' | 'withdraw' | 'caps' | 'end'; member: Member };

type MemberDialogsProps = { question: Question | null; actions: MemberActions; close: () => void };

export function MemberDialogs({ question, actions, close }: MemberDialogsProps) {
  if (question === null) return null;
  const { about, member } = question;
  const { name, email } = member;
  if (about === 'caps') return <CapDialog member={member} actions={actions} close={close} />;
  if (about === 'end') return <EndDialog member={member} actions={actions} close={close} />;
  if (about === 'remove') return <RemoveDialog member={member} actions={actions} close={close} />;
  if (about === 'suspend') {
    return (
      <Confirm opened close={close} calm title={`Suspend ${name}?`} action={`Suspend ${name}`} run={() => actions.suspend(member)}>
        Every value {name} owns stops at once, on their own keys and on shared ones. Calls that are still running are cut. Nothing is
        lost: activate them again and everything works as before.
      </Confirm>
    );
  }
  return (
    <Confirm opened close={close} title={`Withdraw the invitation of ${name}?`} action={`Withdraw ${name}'s invitation`} run={() => actions.withdraw(member)}>
      The link sent to <b>{email}</b> stops working, and the seat is free again.
    </Confirm>
  );
}
