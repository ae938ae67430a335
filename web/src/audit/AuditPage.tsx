// Account › Audit: who changed what, when and from where. Nothing in it can be changed.
import { useQuery } from '@tanstack/react-query';
import { useMay, useSeat } from '../account/seat';
import { membersQuery } from '../member/query';
import { Page } from '../ui/page';
import { Trail } from './Trail';

export function AuditPage() {
  const { account } = useSeat();
  const may = useMay();
  const seesAll = may('account.view');
  const { data: members } = useQuery({ ...membersQuery(account.id), enabled: seesAll && may('teamwork.view') });
  const people = seesAll && members ? members.map(({ id, name }) => ({ value: id, label: name })) : [];
  return (
    <Page
      title="Audit"
      lead={seesAll ? `Every change in ${account.name}, newest first. Nobody can alter it.` : 'Every change you made, newest first.'}
    >
      <Trail whose={account.id} people={seesAll ? [...people, { value: 'operator', label: 'Operator' }] : []} />
    </Page>
  );
}
