// How a member stands; an invitation that the mail server refused stands out.
import type { MemberState } from '../api/nouns';
import { Status } from '../ui/status';
import { stateTone, stateWord } from './state';

type MemberStatusProps = { state: MemberState; refused: string | null | undefined };

export function MemberStatus({ state, refused }: MemberStatusProps) {
  if (refused) return <Status tone="bad">Not delivered</Status>;
  return <Status tone={stateTone[state]}>{stateWord[state]}</Status>;
}
