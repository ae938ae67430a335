// Sets a second factor up: the password, the authenticator and its first code, the recovery codes.
import { Box, Button, Group, Modal, PasswordInput, Stack, Text } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { answer, client } from '../api/client';
import { Copy } from '../ui/copy';
import { Mono } from '../ui/mono';
import { note, Refused } from '../ui/notice';
import { ShownOnce } from '../ui/shown-once';
import { useSubmit } from '../ui/submit';
import { CodeInput, codeProblem } from './CodeInput';
import { meQuery } from './me';
import { qrPath } from './qr';
import { proven, secondFactorQuery } from './second-factor';

type Begun = { uri: string; seed: string };
type Props = { opened: boolean; close: () => void };

export function SetUpSecondFactor({ opened, close }: Props) {
  const [begun, setBegun] = useState<Begun | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const cache = useQueryClient();
  const leave = () => {
    setBegun(null);
    close();
  };
  const done = async () => {
    setCodes(null);
    leave();
    await Promise.all([cache.invalidateQueries(secondFactorQuery), cache.invalidateQueries(meQuery)]);
    note.done('Your second factor is on. Signing in takes a code from now on.');
  };
  return (
    <Modal
      opened={opened}
      onClose={leave}
      title={codes ? 'Your recovery codes' : 'Set up a second factor'}
      size={480}
      closeOnClickOutside={begun === null}
      closeOnEscape={codes === null}
      withCloseButton={codes === null}
    >
      {codes ? (
        <RecoveryCodes codes={codes} onStored={() => void done()} />
      ) : begun ? (
        <FirstCode begun={begun} confirmed={setCodes} />
      ) : (
        <Begin begun={setBegun} />
      )}
    </Modal>
  );
}

function Begin({ begun }: { begun: (begun: Begun) => void }) {
  const form = useForm({
    initialValues: { password: '' },
    validate: { password: (password: string) => (password === '' ? 'Write your password.' : null) },
  });
  const { submit, busy, refusal } = useSubmit(form, async (body) => {
    begun(await proven(answer(client.POST('/me/second-factor', { body }))));
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text size="sm">
          You need an app that makes codes, an authenticator, on your phone or in your password manager. From then on, signing in
          takes your password and a code.
        </Text>
        <PasswordInput
          label="Password"
          description="So that nobody else at this screen can do this"
          autoComplete="current-password"
          data-autofocus
          {...form.getInputProps('password')}
        />
        <Refused error={refusal} />
        <Button type="submit" loading={busy}>
          Go on
        </Button>
      </Stack>
    </form>
  );
}

function FirstCode({ begun, confirmed }: { begun: Begun; confirmed: (codes: string[]) => void }) {
  const form = useForm({ initialValues: { code: '' }, validate: { code: codeProblem } });
  const { submit, busy, refusal } = useSubmit(form, async (body) => {
    confirmed((await answer(client.POST('/me/second-factor/confirm', { body }))).recovery_codes);
  });
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="md">
        <Text size="sm">Scan this with your authenticator, or type the letters into it. Then write the code that it shows.</Text>
        <Qr text={begun.uri} />
        <Group justify="center" gap={6} wrap="nowrap">
          <Box data-testid="seed" style={{ overflowWrap: 'anywhere' }}>
            <Mono fz={13}>{begun.seed.match(/.{1,4}/gu)?.join(' ')}</Mono>
          </Box>
          <Copy value={begun.seed} label="the letters" />
        </Group>
        <CodeInput description="Six digits, another every 30 seconds" inputMode="numeric" {...form.getInputProps('code')} />
        <Refused error={refusal} />
        <Button type="submit" loading={busy}>
          Turn it on
        </Button>
      </Stack>
    </form>
  );
}

/** Black on white in either scheme: many scanners read nothing else. */
function Qr({ text }: { text: string }) {
  const { size, path } = qrPath(text);
  return (
    <Box mx="auto" w={208} bdrs="md" bg="white" style={{ overflow: 'hidden' }}>
      <svg viewBox={`0 0 ${size} ${size}`} role="img" aria-label="QR code for your authenticator" shapeRendering="crispEdges" style={{ display: 'block' }}>
        <path d={path} fill="black" />
      </svg>
    </Box>
  );
}

/** Ten codes, shown this once. */
export function RecoveryCodes({ codes, onStored }: { codes: string[]; onStored: () => void }) {
  return (
    <ShownOnce text={codes.join('\n')} label="recovery codes" onStored={onStored}>
      <Text size="sm">
        Each of them lets you in once, in place of a code, if you lose your authenticator. Keep them where you keep other papers,
        or in your password manager.
      </Text>
    </ShownOnce>
  );
}
