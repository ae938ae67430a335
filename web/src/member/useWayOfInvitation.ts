// How an invitation reaches somebody: by mail, or through the operator where this Keyward sends none.
import { useInstance } from '../account/query';

/** What follows the address in a sentence. */
export function useWayOfInvitation(): string {
  const hasMail = useInstance().data?.has_mail ?? true;
  return hasMail ? 'gets a link that works once, for 7 days' : 'is invited; the operator finds the link in the Outbox';
}
