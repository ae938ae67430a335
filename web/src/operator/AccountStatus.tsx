// How an account stands: suspended, waiting for its owner, or active.
import type { OperatorAccount, OperatorAccountRow } from '../api/nouns';
import { Status } from '../ui/status';

export function AccountStatus({ account }: { account: OperatorAccount | OperatorAccountRow }) {
  if (account.suspended_at !== null) return <Status tone="warn">Suspended</Status>;
  if (account.owner?.refused) return <Status tone="bad">Not delivered</Status>;
  return account.owner?.state === 'pending' ? <Status tone="info">Owner invited</Status> : <Status tone="good">Active</Status>;
}
