// Asks before somebody is taken off a key, or leaves it: names them, and what stops.
import type { Key, KeyMember } from '../api/nouns';
import { useSeat } from '../account/seat';
import { Confirm } from '../ui/confirm';
import type { TeamworkActions } from './query';

type RemoveProps = { apiKey: Key; member: KeyMember | null; actions: TeamworkActions; close: () => void };

export function RemoveKeyMember({ apiKey: key, member, actions, close }: RemoveProps) {
  const { account } = useSeat();
  if (member === null) return null;
  const { name, email, state, is_me, account_role } = member;
  const seat =
    account_role === null &&
    ` If this is the last key ${is_me ? 'you are' : 'they are'} on, the seat in ${account.name} goes too.`;
  if (is_me) {
    return (
      <Confirm opened close={close} title={`Leave ${key.name}?`} action={`Leave ${key.name}`} run={() => actions.remove(member)}>
        You lose what your role on this key allows, and your value of it stops at once.{seat}
      </Confirm>
    );
  }
  return (
    <Confirm
      opened
      close={close}
      title={`Delete ${name} from ${key.name}?`}
      action={`Delete ${name}`}
      run={() => actions.remove(member)}
    >
      {state === 'pending' ? (
        <>
          <b>{name}</b> ({email}) has not confirmed yet: the invitation to this key is over.
        </>
      ) : (
        <>
          <b>{name}</b> ({email}) loses what their role on this key allows, and their value of it stops at once. What they have
          called stays in the log under their name.
        </>
      )}
      {seat}
    </Confirm>
  );
}
