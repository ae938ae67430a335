// Operator › Audit: what those did who run this Keyward, in all accounts.
import { Page } from '../ui/page';
import { Trail } from './Trail';

export function OperatorAuditPage() {
  return (
    <Page title="Operators' audit" lead="What operators and their commands did, newest first. Each line is in its account's own trail too.">
      <Trail whose={null} people="nobody" />
    </Page>
  );
}
