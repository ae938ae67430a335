// Who follows an invitation: someone new, someone known, or someone signed in as another.
import { Button, Stack } from '@mantine/core';
import { useState } from 'react';
import type { LinkInfo } from '../api/nouns';
import { Outside } from '../layout/Outside';
import { signOut } from '../person/me';
import { PasswordForm } from '../person/PasswordForm';
import { SignInForm } from '../person/SignInForm';
import { Notice, Refused } from '../ui/notice';

type ActivateStepsProps = { info: LinkInfo; lookAgain: () => void; accept: (password?: string) => Promise<void> };

export function ActivateSteps({ info, lookAgain, accept }: ActivateStepsProps) {
  const isOther = info.signed_in_as !== null && info.signed_in_as !== info.email;
  return (
    <Outside title={`Join ${info.account_name ?? 'the team'}`} lead={<Invitation info={info} />}>
      {isOther ? (
        <SignedInAsOther info={info} lookAgain={lookAgain} />
      ) : info.needs === 'password' ? (
        <PasswordForm email={info.email ?? ''} action="Activate my seat" send={accept} />
      ) : info.needs === 'sign_in' ? (
        <Known info={info} accept={accept} />
      ) : (
        <Step action={`Join as ${info.email}`} run={() => accept()} />
      )}
    </Outside>
  );
}

function Invitation({ info }: { info: LinkInfo }) {
  return (
    <>
      {info.invited_by ? <b>{info.invited_by}</b> : 'Someone'} invites {info.name ?? 'you'} as {info.role_name ?? 'member'}
      {info.key_name && (
        <>
          {' '}
          on the key <b>{info.key_name}</b>
        </>
      )}
      .{' '}
      {info.needs === 'password' &&
        (info.key_name ? 'Choose a password to take your seat.' : 'Choose a password, and you get a key of your own.')}
    </>
  );
}

function SignedInAsOther({ info, lookAgain }: { info: LinkInfo; lookAgain: () => void }) {
  return (
    <Stack gap="md">
      <Notice kind="warn">
        The invitation is for <b>{info.email}</b>, but you are signed in as <b>{info.signed_in_as}</b>. Sign out to take the seat.
      </Notice>
      <Step action={`Sign out ${info.signed_in_as}`} run={() => signOut().then(lookAgain)} />
    </Stack>
  );
}

/** Known and not signed in: signs in and takes the seat in one go. */
function Known({ info, accept }: { info: LinkInfo; accept: (password?: string) => Promise<void> }) {
  return (
    <Stack gap="md">
      <Notice>This address is known here already. Sign in with its password to take the seat.</Notice>
      <SignInForm email={info.email ?? ''} action="Sign in and join" done={() => accept()} />
    </Stack>
  );
}

function Step({ action, run }: { action: string; run: () => Promise<unknown> }) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const go = () => {
    setBusy(true);
    setError(null);
    run()
      .catch(setError)
      .finally(() => setBusy(false));
  };
  return (
    <Stack gap="md">
      <Refused error={error} />
      <Button fullWidth loading={busy} onClick={go}>
        {action}
      </Button>
    </Stack>
  );
}
