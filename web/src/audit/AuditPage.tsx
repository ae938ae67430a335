// Account › Audit: who changed what, when and from where. Nothing in it can be changed.
import { useMay, useSeat } from '../account/seat';
import { Page } from '../ui/page';
import { Trail } from './Trail';

export function AuditPage() {
  const { account } = useSeat();
  const may = useMay();
  const seesAll = may('account.view');
  return (
    <Page
      title="Audit"
      lead={seesAll ? `Every change in ${account.name}, newest first. Nobody can alter it.` : 'Every change you made, newest first.'}
    >
      <Trail whose={account.id} people={!seesAll ? 'nobody' : may('teamwork.view') ? 'members' : 'operator'} />
    </Page>
  );
}
