// The link of an invitation: takes the seat, and shows the value of one's own key, this once.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { rememberAccount } from '../account/seat';
import { answer, client } from '../api/client';
import type { Accepted, NewValue } from '../api/nouns';
import { NewValuePanel } from '../key/NewValuePanel';
import { keysQuery } from '../key/query';
import { Outside } from '../layout/Outside';
import { paths } from '../paths';
import { LinkPage } from '../person/LinkPage';
import { becomeSignedIn } from '../person/me';
import { ActivateSteps } from './ActivateSteps';

export function ActivatePage() {
  const navigate = useNavigate();
  const [shown, setShown] = useState<{ accepted: Accepted; value: NewValue } | null>(null);
  const known = useQueryClient();
  /** Who was invited to one key alone begins there. */
  const enter = async ({ me, account_id: account }: Accepted) => {
    const isForKeys = me.seats.some((seat) => seat.account.id === account && seat.role === null);
    const [key, ...more] = isForKeys ? await known.fetchQuery(keysQuery(account)) : [];
    if (key && more.length === 0) await navigate({ to: paths.key, params: { key: key.id }, search: { account } });
    else await navigate({ to: paths.overview, search: { account } });
  };
  const accept = (token: string) => async (password?: string) => {
    const accepted = await answer(client.POST('/invitations/accept', { body: { token, password } }));
    becomeSignedIn(accepted.me);
    rememberAccount(accepted.account_id);
    if (accepted.value) setShown({ accepted, value: accepted.value });
    else await enter(accepted);
  };
  if (shown !== null) {
    const { accepted, value } = shown;
    return (
      <Outside wide title="Your seat is active" lead={<>This is the value of <b>{accepted.key?.name ?? 'your key'}</b>, your own key. Calls with it are yours in the log.</>}>
        <NewValuePanel value={value} onStored={() => void enter(accepted)} />
      </Outside>
    );
  }
  return (
    <LinkPage purpose="activate" over="Ask whoever invited you to send a new one.">
      {({ token, info, lookAgain }) => <ActivateSteps info={info} lookAgain={lookAgain} accept={accept(token)} />}
    </LinkPage>
  );
}
