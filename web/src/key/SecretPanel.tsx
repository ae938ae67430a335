// The secret of a key: a second factor that every call brings, once it is required.
import { Button, Group, Stack, Switch, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconLockPlus, IconRefresh } from '@tabler/icons-react';
import { useState } from 'react';
import { useAccountId } from '../account/seat';
import type { Key } from '../api/nouns';
import { Confirm } from '../ui/confirm';
import { Field } from '../ui/field';
import { Mono } from '../ui/mono';
import { note } from '../ui/notice';
import { Panel } from '../ui/panel';
import { clock } from '../ui/time';
import { When } from '../ui/when';
import { Why, whyNot } from '../ui/why';
import { DrawSecret } from './DrawSecret';
import { keyActions, useKeyChanged } from './query';
import { asksForSecret } from './secret';
import { SecretDialog } from './SecretDialog';

export function SecretPanel({ apiKey: key }: { apiKey: Key }) {
  const [drawing, draw] = useDisclosure();
  const [removing, remove] = useDisclosure();
  const [shown, setShown] = useState<string | null>(null);
  const account = useAccountId();
  const changed = useKeyChanged();
  const why = whyNot(key.can.secret);
  const start = (
    <Why why={why}>
      <Button
        variant={key.secret ? 'default' : 'filled'}
        leftSection={key.secret ? <IconRefresh size={15} /> : <IconLockPlus size={15} />}
        onClick={draw.open}
      >
        {key.secret ? 'Rotate…' : 'Draw a secret…'}
      </Button>
    </Why>
  );
  return (
    <Panel title="Secret" hint="A second factor beside every value of this key" actions={key.secret && start}>
      {key.secret === null ? (
        <Group justify="space-between" gap="sm">
          <Text size="sm" c="dimmed" maw={560}>
            No secret yet: whoever has a value can call. With a secret that calls must bring too, a value alone is of no use.
          </Text>
          {start}
        </Group>
      ) : (
        <Stack gap="md">
          <Group gap="xl">
            <Field name="Secret">
              <Mono>{key.secret.mask}</Mono>
            </Field>
            <Field name="Drawn">
              <When at={key.secret.drawn_at} />
            </Field>
            {key.secret.former_expires_at && Date.parse(key.secret.former_expires_at) > Date.now() && (
              <Field name="The one before works until">
                <When at={key.secret.former_expires_at} as="day" />
              </Field>
            )}
          </Group>
          <Group justify="space-between">
            <RequireSwitch apiKey={key} why={why} />
            <Why why={why}>
              <Button variant="subtle" color="vermilion" onClick={remove.open}>
                Take away…
              </Button>
            </Why>
          </Group>
        </Stack>
      )}
      <DrawSecret apiKey={key} opened={drawing} close={draw.close} drawn={setShown} />
      <SecretDialog keyName={key.name} secret={shown} onStored={() => setShown(null)} />
      <Confirm
        opened={removing}
        close={remove.close}
        title={`Take the secret of ${key.name} away?`}
        action={`Take the secret of ${key.name} away`}
        run={async () => {
          const { key: now } = await keyActions.removeSecret({ account, key: key.id });
          await changed(now);
          note.done(`${key.name} has no secret any more.`);
        }}
      >
        Calls need none from then on, and nobody can present this one again.
      </Confirm>
    </Panel>
  );
}

/** Asks before it is turned: programs that do not bring the secret stop. */
function RequireSwitch({ apiKey: key, why }: { apiKey: Key; why: string | null }) {
  const [asking, ask] = useDisclosure();
  const account = useAccountId();
  const changed = useKeyChanged();
  const isRequired = asksForSecret(key);
  const turn = async () => {
    const { key: now, effective_at } = await keyActions.requireSecret({ account, key: key.id }, !isRequired);
    await changed(now);
    note.done(`${key.name} asks ${isRequired ? 'for no secret' : 'for its secret'} since ${clock(effective_at)}.`);
  };
  return (
    <>
      <Why why={why}>
        <Switch
          label="Every call must bring it"
          description={isRequired ? 'Calls without it are refused' : 'It is ignored, so programs can be given it first'}
          checked={isRequired}
          onChange={() => why === null && ask.open()}
        />
      </Why>
      <Confirm
        opened={asking}
        close={ask.close}
        calm={isRequired}
        title={isRequired ? 'Ask for no secret?' : 'Ask every call for the secret?'}
        action={isRequired ? 'Ask for none' : 'Ask for the secret'}
        run={turn}
      >
        {isRequired ? (
          <>A value of {key.name} alone is enough to call again.</>
        ) : (
          <>
            From that moment on every call with {key.name} that does not bring <Mono>{key.secret?.mask ?? ''}</Mono> is
            refused, whoever makes it.
          </>
        )}
        <Text size="sm" c="dimmed" mt="xs">
          The secret stays as it is.
        </Text>
      </Confirm>
    </>
  );
}
