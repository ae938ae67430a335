// Switches a key off or on, and offers to take it back.
import type { Key } from '../api/nouns';
import { useAccountId } from '../account/seat';
import { note } from '../ui/notice';
import { clock } from '../ui/time';
import { keyActions, useKeyChanged } from './query';

export function useSwitchKey(key: Key): () => Promise<void> {
  const account = useAccountId();
  const changed = useKeyChanged();
  const flip = async (off: boolean, undo: boolean): Promise<void> => {
    try {
      const { key: now, effective_at } = await (off ? keyActions.disable : keyActions.enable)({ account, key: key.id });
      await changed(now);
      const said = `${key.name} is ${off ? 'disabled' : 'enabled'} since ${clock(effective_at)}.`;
      note.done(said, undo ? { label: 'Undo', run: () => void flip(!off, false) } : undefined);
    } catch (refusal) {
      note.refused(refusal);
    }
  };
  return () => flip(key.disabled_at === null, true);
}
