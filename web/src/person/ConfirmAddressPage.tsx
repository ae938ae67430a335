// The link that went to a new mail address: one click takes it. Opening the page changes nothing.
import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import { answer, client, problemOf } from '../api/client';
import { queryClient } from '../api/query';
import { Outside } from '../layout/Outside';
import { paths } from '../paths';
import { ButtonLink } from '../ui/links';
import { Refused } from '../ui/notice';
import { meQuery } from './me';
import { useToken } from './useToken';

export function ConfirmAddressPage() {
  const token = useToken();
  const [confirmed, setConfirmed] = useState<{ email: string; is_signed_in: boolean } | null>(null);
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const confirm = async () => {
    setBusy(true);
    try {
      setConfirmed(await answer(client.POST('/addresses/confirm', { body: { token } })));
      await queryClient.invalidateQueries(meQuery);
    } catch (refusal) {
      setError(refusal);
    } finally {
      setBusy(false);
    }
  };
  if (confirmed !== null) {
    return (
      <Outside title="Your address is changed" lead={`From now on you sign in with ${confirmed.email}.`}>
        <ButtonLink to={confirmed.is_signed_in ? paths.overview : paths.signIn} fullWidth>
          {confirmed.is_signed_in ? 'Go on' : 'Sign in'}
        </ButtonLink>
      </Outside>
    );
  }
  if (token === '' || (error !== null && problemOf(error).code === 'link_over')) {
    return (
      <Outside
        title="This link is over"
        lead="It was used, replaced by a newer one, or its time has passed. Ask for another in your settings."
      >
        <ButtonLink to={paths.settings} variant="default" fullWidth>
          Open the settings
        </ButtonLink>
      </Outside>
    );
  }
  return (
    <Outside
      title="Confirm your new address"
      lead="From then on you sign in with the address that this link went to. Every other session ends, and your access tokens."
    >
      <Stack gap="md">
        <Refused error={error} />
        <Button fullWidth loading={busy} onClick={() => void confirm()}>
          Confirm this address
        </Button>
      </Stack>
    </Outside>
  );
}
